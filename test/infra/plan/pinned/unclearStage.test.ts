import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { type PinnedStage, pinStages, pinnedStageWarnings } from "../../../../infra/plan/pinned/pinnedStages";
import type { PinnedSource } from "../../../../infra/plan/pinned/pinnedSource";
import { temporaryFolder, writeTree } from "../../temporaryFolder";
import { pinnedSource } from "./pinnedSource";

const files = {
    ".dockerignore": "*.log\n",
    "tools/main.go": "1",
    "lock.txt": "1",
    "odd/[id].js": "1",
    "app/main.py": "1",
};

describe("pinned stages", () => {
    const folder = temporaryFolder();

    /** Pins the stage `deps` of a Dockerfile. */
    function pin(
        Dockerfile: string,
        changes: Record<string, string> = {},
        extra: Partial<PinnedSource> = {},
    ): PinnedStage {
        writeTree(folder.path, { ...files, ...changes, Dockerfile });
        if (!fs.existsSync(path.join(folder.path, "link"))) writeTree(folder.path, { link: "-> tools" });
        return pinStages(pinnedSource(folder.path, extra))[0]!;
    }

    const unclear: Record<string, [stage: string, reason: string, extra?: Partial<PinnedSource>]> = {
        "a first line for a shell": [
            "#!/usr/bin/env docker\n# syntax=example.org/frontend\nFROM scratch AS deps\n",
            "the first line begins with #!",
        ],
        "another frontend": [
            "# syntax=example.org/frontend\nFROM scratch AS deps\n",
            "a syntax directive names another frontend than docker/dockerfile",
        ],
        "a frontend by argument": [
            "FROM scratch AS deps\n",
            "the build argument BUILDKIT_SYNTAX chooses the frontend",
            { buildArgs: { BUILDKIT_SYNTAX: "x" } },
        ],
        "two stages of one name": ["FROM a AS x\nFROM b AS x\nFROM x AS deps\n", "two stages have the same name"],
        "a stage by its number": ["FROM a AS x\nFROM b AS deps\nCOPY --from=0 / /\n", "a stage is named by its number"],
        ONBUILD: ["FROM scratch AS deps\nONBUILD COPY . /\n", "ONBUILD runs in the stages that follow"],
        "ADD of a URL": ["FROM scratch AS deps\nADD https://example.org/x /\n", "ADD reads from a server"],
        "ADD of a repository": ["FROM scratch AS deps\nADD git@example.org:x/y.git /\n", "ADD reads from a server"],
        "a variable as a source": ["FROM scratch AS deps\nARG A=lock.txt\nCOPY $A /\n", "a source holds a variable"],
        "a variable as the source of a mount": [
            "FROM x AS deps\nARG A=x\nRUN --mount=type=bind,source=$A,target=/x y\n",
            "a source holds a variable",
        ],
        "a link to what is copied": [
            "FROM scratch AS deps\nCOPY link/main.go /\n",
            "a source leads through a symbolic link",
        ],
        "a file that an ignore file cannot name": [
            "FROM scratch AS deps\nCOPY odd /\n",
            "no ignore file can name one of its files",
        ],
    };
    for (const [what, [stage, reason, extra]] of Object.entries(unclear)) {
        it(`are made of everything where there is ${what}, and say so`, () => {
            const text = `${stage}FROM scratch AS app\nCOPY --from=deps / /\nCOPY app /app\n`;
            const one = pin(text, {}, extra);
            assert.equal(one.unclear, reason);
            assert.equal(one.dockerfile, text);
            assert.equal(one.ignore, "*.log\n");
            assert.deepEqual(pinnedStageWarnings(one), [
                `Every change of the source makes the pinned stage "deps" again, since ${reason}.`,
            ]);
            const changed = pin(text, { "app/main.py": "2" }, extra);
            assert.notEqual(changed.tag, one.tag);
        });
    }

    it("without an ignore file are made of everything alike", () => {
        const text = "FROM scratch AS deps\nADD https://example.org/x /\nFROM deps\n";
        pin(text);
        fs.rmSync(path.join(folder.path, ".dockerignore"));
        assert.equal(pinStages(pinnedSource(folder.path))[0]!.ignore, "");
    });
});
