import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { type BuildQuery, readBuilds } from "../../../../local/world/stack/buildHistory";

const world = { builder: "builder", buildxConfig: "/none", dockerConfig: "/none" };
const completed = "2026-11-21T17:20:36Z";
const shop = "registry:5000/shop";

describe("the builds of an update in BuildKit's history", () => {
    let folder: string;

    beforeEach(async () => {
        folder = await fs.mkdtemp(path.join(os.tmpdir(), "history-"));
    });
    afterEach(() => fs.rm(folder, { recursive: true, force: true }));

    /** Makes a docker-buildx with builds that executed one step each and pushed the given references. */
    async function history(pushed: Record<string, string>): Promise<string> {
        const listing = Object.keys(pushed).map((id) => ({
            ref: `builder/node/${id}`,
            status: "Completed",
            created_at: completed,
            completed_at: completed,
        }));
        await fs.writeFile(path.join(folder, "ls"), listing.map((build) => JSON.stringify(build)).join("\n"));
        for (const [id, reference] of Object.entries(pushed)) {
            const log = {
                vertexes: [{ digest: `sha256:${id}`, name: "[1/1] RUN make", completed }],
                statuses: [{ id: `pushing manifest for ${reference}@sha256:${"0".repeat(64)}` }],
            };
            await fs.writeFile(path.join(folder, id), JSON.stringify(log));
        }
        return script(
            `case "$1 $2 $3 $4" in`,
            `"--builder builder history ls") cat ${folder}/ls ;;`,
            `"--builder builder history logs") cat ${folder}/$5 >&2 ;;`,
            "esac",
        );
    }

    async function script(...lines: string[]): Promise<string> {
        const file = path.join(folder, "docker-buildx");
        await fs.writeFile(file, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o700 });
        return file;
    }

    const read = (dockerBuildx: string, query: Partial<BuildQuery> = {}) =>
        readBuilds({ since: 0, repositories: [shop], number: 1, ...query }, { world, toolchain: { dockerBuildx } });

    it("are those that pushed to its repositories, whoever else builds", async () => {
        const dockerBuildx = await history({
            one: `${shop}:src-1`,
            two: `${shop}:deps-1`,
            other: `${shop}/worker:src-1`,
            another: `${shop}2:src-1`,
        });
        const builds = await read(dockerBuildx, { number: 2 });
        assert.deepEqual(
            builds.map(({ id, repository, stepsRun }) => [id, repository, stepsRun]),
            [
                ["one", shop, 1],
                ["two", shop, 1],
            ],
        );
    });

    it("are not asked for where there are none: no process is started", async () => {
        assert.deepEqual(await read("/no/docker-buildx", { number: 0 }), []);
    });

    it("are counted in full or not at all", async () => {
        const dockerBuildx = await history({ one: `${shop}:src-1` });
        await assert.rejects(read(dockerBuildx, { number: 2 }), {
            message:
                "The update is done, but the history of the builder builder shows only 1 of its 2 builds, so their steps cannot be counted; it has to keep a history, follow this machine's clock, and lists at most 50 builds.",
        });
    });

    it("cannot be told without a history", async () => {
        const dockerBuildx = await script("echo 'ERROR: unknown method ListenBuildHistory' >&2", "exit 1");
        await assert.rejects(read(dockerBuildx), {
            message: "reading BuildKit's build history failed: ERROR: unknown method ListenBuildHistory",
        });
    });
});
