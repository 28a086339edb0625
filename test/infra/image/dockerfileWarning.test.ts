import assert from "node:assert/strict";
import * as path from "node:path";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { warnOfFindings } from "../../../infra/image/dockerfileWarning";
import { mockPulumi } from "../../../local/mocks/mockPulumi";
import type { PinnedStageSpec } from "../../../infra/plan/imageSpec";
import { temporaryFolder, writeTree } from "../temporaryFolder";
import { build, credentials, declare } from "./appImageFixture";

describe("an image's Dockerfile", () => {
    const folder = temporaryFolder();

    afterEach(() => mock.restoreAll());

    /** Lists the warnings about a Dockerfile, each with the name of the resource that it is shown at. */
    async function warnings(Dockerfile: string, preview: boolean): Promise<string[]> {
        await mockPulumi({ preview });
        const resource = new pulumi.ComponentResource("test:index:Image", "shop");
        const warn = mock.method(pulumi.log, "warn", () => Promise.resolve());
        writeTree(folder.path, { Dockerfile });
        warnOfFindings(resource, { dockerfile: path.join(folder.path, "Dockerfile"), context: folder.path });
        assert.ok(warn.mock.calls.every((call) => call.arguments[1] === resource));
        return warn.mock.calls.map((call) => String(call.arguments[0]));
    }

    it("gives one warning in a preview", async () => {
        const file = path.join(folder.path, "Dockerfile");
        assert.deepEqual(await warnings("FROM python\nCOPY . /app/\n", true), [
            `${file} could be better: unpinned-base (line 1), plain-copy-of-code (line 2), missing-dockerignore (line 2). \`npm run doctor -- ${file}\` says why and what to do; see also docs/doctor.md.`,
        ]);
    });

    it("gives a warning when it cannot be read as a Dockerfile, and leaves the refusal to BuildKit", async () => {
        assert.deepEqual(await warnings("RUN x\n", true), [
            `${path.join(folder.path, "Dockerfile")}: line 1: RUN stands before the first FROM; only ARG may.`,
        ]);
    });

    const installing = "FROM python:3.12 AS deps\nRUN pip install flask\nFROM deps\n";
    const stages: [title: string, stage: PinnedStageSpec, warnings: number][] = [
        ["names a pinned stage whose packages are one layer", { name: "deps" }, 1],
        ["does not name one with layers", { name: "deps", layers: ["/srv/packages"] }, 0],
    ];
    for (const [title, stage, count] of stages) {
        it(title, async () => {
            const source = build(folder.path, { pinnedStages: [stage] });
            writeTree(folder.path, { Dockerfile: installing });
            const warn = mock.method(pulumi.log, "warn", () => Promise.resolve());
            await declare({ build: source, credentials: credentials() }, { preview: true });
            const file = path.join(folder.path, "Dockerfile");
            const expected = `${file} could be better: packages-in-one-layer (line 2). \`npm run doctor -- ${file} --context ${path.join(folder.path, "context")}\` says why and what to do; see also docs/doctor.md.`;
            const given = warn.mock.calls.map((call) => String(call.arguments[0]));
            assert.deepEqual(
                given,
                Array.from({ length: count }, () => expected),
            );
        });
    }

    it("gives none without findings", async () => assert.deepEqual(await warnings("FROM scratch\n", true), []));

    it("gives none in an update", async () => assert.deepEqual(await warnings("FROM python\n", false), []));
});
