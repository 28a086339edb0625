import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { examineDockerfile } from "../../infra/doctor/examine";
import { packagesInOneLayer } from "../../infra/doctor/rules/packagesInOneLayer";
import type { PinnedStageSpec } from "../../infra/plan/imageSpec";
import { projectRoot } from "../../local/paths";
import type { UpResult } from "../../local/world/stack";
import { emptyBuilder, engineWorld, type EngineWorld, writeContext } from "../support/engineWorld";
import { layersOf, openPinned } from "../support/pinnedStack";

/** Files of an application with two packages, which a program in place of pip installs from the context. */
const files = {
    Dockerfile: [
        "ARG BASE_REGISTRY",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS deps",
        "COPY --chmod=755 pip /bin/pip",
        "RUN --mount=type=bind,source=large.whl,target=/large --mount=type=bind,source=small.whl,target=/small \\",
        "    pip install --target /srv/packages /large /small",
        "FROM deps",
        "COPY --link app/ /app/",
        "",
    ].join("\n"),
    ".dockerignore": "Dockerfile\n",
    pip: '#!/bin/sh\nset -e\nfor name in large small; do mkdir -p "$3/$name"; cp "/$name" "$3/$name/code"; done\n',
    "small.whl": "one",
    "app/main.py": "print(1)\n",
};

describe("what the Dockerfile doctor says about packages in one layer", function () {
    this.timeout(180_000);
    let engine: EngineWorld;

    before(async () => {
        engine = await engineWorld();
    });

    /** Counts the MB of the layers that the image has after a changed package, and had not before. */
    async function pulled(name: string, stage: PinnedStageSpec, findings: string[]): Promise<number> {
        const context = await writeContext(name, files);
        const folder = path.join(projectRoot, context);
        await fs.writeFile(path.join(folder, "large.whl"), randomBytes(20_000_000));
        const layeredStages = stage.layers === undefined ? [] : [stage.name];
        const examination = { dockerfile: path.join(folder, "Dockerfile"), context: folder, layeredStages };
        const found = examineDockerfile(examination).map(({ rule }) => rule.id);
        assert.deepEqual(found, findings);
        const stack = await openPinned(engine, name, {}, { context, pinnedStages: [stage] });
        const up = async (): Promise<{ digest: string; size: number }[]> => {
            await emptyBuilder(engine);
            const result: UpResult = await stack.up();
            return layersOf(engine, result, result.images[0]!.digest);
        };
        const before = new Set((await up()).map(({ digest }) => digest));
        await writeContext(name, { "small.whl": "two" });
        const added = (await up()).filter(({ digest }) => !before.has(digest));
        return Math.round(added.reduce((sum, { size }) => sum + size, 0) / 1e6);
    }

    it("costs what packages-in-one-layer says, and not when the rule is followed", async () => {
        const layers = ["/srv/packages"];
        const counts = {
            against: await pulled("doctor-one-layer", { name: "deps" }, ["packages-in-one-layer"]),
            following: await pulled("doctor-layers", { name: "deps", layers }, []),
        };
        const { against, following } = packagesInOneLayer.measured;
        assert.deepEqual(counts, { against, following });
    });
});
