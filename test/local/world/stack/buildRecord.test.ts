import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { buildsSince, readBuildRecord } from "../../../../local/world/stack/buildRecord";

/** Reads recorded output of docker-buildx 0.35; in logs, without unused parts. */
function recorded(file: string): string {
    return readFileSync(path.join(__dirname, "recorded", file), "utf8");
}

/** Renders a moment of a build as BuildKit reports it. */
function moment(...vertexes: object[]): string {
    return JSON.stringify({ vertexes });
}
const completed = "2026-11-21T17:20:36Z";

describe("the listing of BuildKit's history", () => {
    it("has the builds that were begun since a time", () => {
        assert.deepEqual(buildsSince(recorded("history.jsonl"), Date.parse("2026-11-21T17:20:34.863Z")), [
            {
                id: "eyrjq0h9c3b4fc7inwrz9otcy",
                begin: Date.parse("2026-11-21T17:20:36.228Z"),
                end: Date.parse("2026-11-21T17:20:36.370Z"),
            },
            {
                id: "l516bqgcimw5996mfh96pn0h1",
                begin: Date.parse("2026-11-21T17:20:34.863Z"),
                end: Date.parse("2026-11-21T17:20:36.015Z"),
            },
        ]);
    });

    it("leaves out builds that failed or are running", () => {
        const build = { ref: "builder/node/id", created_at: completed };
        const listing = [
            { ...build, completed_at: completed, status: "Error" },
            { ...build, status: "Running" },
        ];
        assert.deepEqual(buildsSince(listing.map((one) => JSON.stringify(one)).join("\n"), 0), []);
    });

    it("is empty when nothing was ever built", () => {
        assert.deepEqual(buildsSince("", 0), []);
    });
});

describe("the record of a build", () => {
    it("has the steps and what was pushed; a cached step stays one when its layers are fetched", () => {
        assert.deepEqual(readBuildRecord(recorded("changedLockFile.rawjson")), {
            pushed: ["127.0.0.1:5000/shop:deps-67a313edf4f7f26202bcdb6ada9d32146f931cc3"],
            stepsCached: 2,
            stepsRun: 2,
        });
    });

    it("has a COPY --link as one step, executed when it was linked to another base", () => {
        assert.deepEqual(readBuildRecord(recorded("linkedCopy.rawjson")), {
            pushed: ["127.0.0.1:5000/shop:src-4e66de32b9bd91e363934fbca6256f240b0bbd7a"],
            stepsCached: 0,
            stepsRun: 1,
        });
    });

    const group = { id: "group", name: "[2/2] COPY --link a /" };
    const copy = { digest: "sha256:1", name: group.name, progressGroup: { ...group, weak: true } };
    const link = { digest: "sha256:2", name: "[2/2] LINK COPY --link a /", progressGroup: group };
    const run = { digest: "sha256:3", name: "[linux/arm64 build 3/3] RUN make" };
    const steps: [title: string, log: string[], cached: number, run: number][] = [
        ["nothing", [""], 0, 0],
        ["a step that was announced and never needed", [moment(run)], 0, 0],
        ["a step for a platform", [moment(run), moment({ ...run, completed })], 0, 1],
        ["a step that was found", [moment({ ...run, completed, cached: true })], 1, 0],
        ["a step that failed", [moment({ ...run, completed, error: "exit code: 1" })], 0, 0],
        [
            "a linked copy found as a whole",
            [moment({ ...copy, completed, cached: true }), moment({ ...link, completed, cached: true })],
            1,
            0,
        ],
        ["a copy that another step needed, but not its link", [moment({ ...copy, completed }), moment(link)], 0, 0],
        [
            "BuildKit's own work",
            [
                moment(
                    { digest: "sha256:4", name: "[internal] load build context", completed },
                    { digest: "sha256:5", name: "[1/2] FROM registry/base:1@sha256:0123", completed, cached: true },
                    { digest: "sha256:6", name: "exporting to image", completed },
                ),
            ],
            0,
            0,
        ],
        ["a step after a message of docker's own", ["WARNING: no config", moment({ ...run, completed })], 0, 1],
    ];
    for (const [title, log, stepsCached, stepsRun] of steps) {
        it(`counts ${stepsCached} cached and ${stepsRun} executed steps for ${title}`, () => {
            assert.deepEqual(readBuildRecord(log.join("\n")), { pushed: [], stepsCached, stepsRun });
        });
    }

    it("has every reference that was pushed, once", () => {
        const status = (id: string) => JSON.stringify({ statuses: [{ id }] });
        const digest = `sha256:${"0".repeat(64)}`;
        const log = [
            status(`pushing manifest for registry:5000/shop:one@${digest}`),
            status("pushing layers"),
            status(`pushing manifest for registry:5000/shop:one@${digest}`),
            status(`pushing manifest for registry:5000/shop:two@${digest}`),
        ];
        assert.deepEqual(readBuildRecord(log.join("\n")).pushed, ["registry:5000/shop:one", "registry:5000/shop:two"]);
    });
});
