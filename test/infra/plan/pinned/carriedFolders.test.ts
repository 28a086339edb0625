import assert from "node:assert/strict";
import * as path from "node:path";
import { fillingDockerfile } from "../../../../infra/plan/pinned/carriedFolders";
import { type PinnedStage, pinStages } from "../../../../infra/plan/pinned/pinnedStages";
import type { PinnedSource } from "../../../../infra/plan/pinned/pinnedSource";
import { temporaryFolder, writeTree } from "../../temporaryFolder";
import { pinnedSource } from "./pinnedSource";

describe("carried folders of a pinned stage", () => {
    const folder = temporaryFolder();
    let count = 0;

    /** Pins the stage `deps` of a Dockerfile. */
    function pin(
        instructions: string,
        files: Record<string, string> = {},
        extra: Partial<PinnedSource> = {},
    ): PinnedStage {
        const context = writeTree(path.join(folder.path, `context-${count++}`), {
            Dockerfile: `FROM base AS deps\nCOPY lock /\n${instructions}\nFROM deps\nCOPY app /\n`,
            lock: "1",
            app: "1",
            ...files,
        });
        return pinStages(pinnedSource(context, extra))[0]!;
    }

    const folders: [instructions: string, expected: string[]][] = [
        ["RUN install", []],
        ["RUN --mount=type=cache,target=/root/.cache/pip install", []],
        ["RUN --mount=type=cache,id=deps:/opt/venv,target=/last install", ["/opt/venv"]],
        ["RUN --mount=id=deps:/opt/venv,type=cache,target=/last install", ["/opt/venv"]],
        ['RUN --mount="type=cache,id=deps:/opt/venv",target=/last install', []],
        ["RUN --mount=type=bind,id=deps:/opt/venv,target=/last install", []],
        ["RUN --mount=type=cache,id=other:/opt/venv,target=/last install", []],
        ["RUN --mount=type=cache,id=deps:venv,target=/last install", []],
        ["ARG A\nRUN --mount=type=cache,id=deps:/opt/$A,target=/last install", []],
        [
            "RUN --mount=type=cache,id=deps:/a,target=/x --mount=type=cache,id=deps:/b,target=/y \\\n  install\nRUN --mount=type=cache,id=deps:/a,target=/z again",
            ["/a", "/b"],
        ],
    ];
    for (const [instructions, expected] of folders) {
        it(`are ${expected.join(" and ") || "none"} for ${instructions.replaceAll("\n", " ")}`, () => {
            assert.deepEqual(
                pin(instructions).carried.map((one) => one.folder),
                expected,
            );
        });
    }

    const carrying = "RUN --mount=type=cache,id=deps:/opt/venv,target=/last echo id=deps:/opt/venv";

    it("have ids in the stage's Dockerfile that only its recipe has", () => {
        const { recipe, carried, dockerfile } = pin(carrying);
        assert.match(recipe, /^[0-9a-f]{12}$/);
        assert.deepEqual(carried, [{ id: `deps:/opt/venv@${recipe}`, folder: "/opt/venv" }]);
        assert.equal(
            dockerfile,
            `FROM base AS deps\nCOPY lock /\nRUN --mount=type=cache,id=deps:/opt/venv@${recipe},target=/last echo id=deps:/opt/venv\n`,
        );
    });

    const arm64: Partial<PinnedSource> = { platforms: ["linux/arm64"], platform: "linux/arm64" };
    const changes: [what: string, changed: Parameters<typeof pin>, isSame: boolean][] = [
        ["a file that the stage reads", [carrying, { lock: "2" }], true],
        ["the code", [carrying, { app: "2" }], true],
        ["the compression", [carrying, {}, { compression: "gzip" }], true],
        ["the instructions", [`${carrying}\nRUN more`], false],
        ["the rebuild key", [carrying, {}, { rebuildKey: "2" }], false],
        ["the platform", [carrying, {}, arm64], false],
        ["an argument", [carrying.replace("echo", "echo $A"), {}, { buildArgs: { A: "2" } }], false],
    ];
    for (const [what, changed, isSame] of changes) {
        it(`${isSame ? "keep" : "lose"} their recipe after a change of ${what}`, () => {
            assert.equal(pin(...changed).recipe === pin(carrying).recipe, isSame);
        });
    }

    it("are copied into the mounts, each to a place of its own", () => {
        const lines = fillingDockerfile([
            { id: "deps:/a@1", folder: "/a" },
            { id: "deps:/b@1", folder: "/b" },
        ]).split("\n");
        assert.deepEqual(lines.slice(0, 2), ["FROM last-image", "USER 0"]);
        const [, mounts, command] = /^RUN (.*?) (\[.*\])$/.exec(lines[2]!)!;
        assert.deepEqual(mounts!.split(" "), [
            "--mount=type=cache,id=deps:/a@1,target=/carried/0,sharing=locked",
            "--mount=type=cache,id=deps:/b@1,target=/carried/1,sharing=locked",
        ]);
        const words = JSON.parse(command!) as string[];
        assert.deepEqual(words.slice(3), ["fill", "/carried/0", "/a", "/carried/1", "/b"]);
    });
});
