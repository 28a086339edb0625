import assert from "node:assert/strict";
import { DockerfileError } from "../../../../infra/plan/dockerfile/dockerfile";
import { type PinnedStage, pinStages } from "../../../../infra/plan/pinned/pinnedStages";
import { temporaryFolder, writeTree } from "../../temporaryFolder";
import { pinnedSource } from "./pinnedSource";

describe("pinned stages", () => {
    const folder = temporaryFolder();

    /** Pins the stage `deps` of a Dockerfile. */
    function pin(Dockerfile: string, buildArgs: Record<string, string> = {}): PinnedStage {
        writeTree(folder.path, { Dockerfile });
        return pinStages(pinnedSource(folder.path, { buildArgs }))[0]!;
    }

    const refused: Record<string, [text: string, message: string]> = {
        "a stage that is not there": ["FROM scratch AS base\nFROM base\n", 'it has no stage "deps"; there are base, 1'],
        "the image itself": ["FROM scratch AS deps\n", 'the stage "deps" is the image itself; pin one below it'],
        "a stage that the image does not need": [
            "FROM scratch AS deps\nFROM scratch\n",
            'the stage "deps" is no part of the image; pin one that is',
        ],
        "a stage that asks for the target": [
            "FROM scratch AS deps\nARG TARGETSTAGE\nFROM deps\nARG TARGETSTAGE\n",
            'the stage "deps" asks for TARGETSTAGE, which pinning changes; do without one',
        ],
        "an ARG that the next stage would lose": [
            "FROM x AS deps\nARG TARGETOS\nFROM deps\nRUN build\n",
            'line 3: the stage continues the pinned stage "deps", an image, and would lose its ARG TARGETOS; write ARG TARGETOS in it too, before it is used',
        ],
        "an ARG that comes too late": [
            "FROM x AS deps\nARG A=1\nFROM deps\nENV B=$A\nARG A=1\n",
            'line 3: the stage continues the pinned stage "deps", an image, and would lose its ARG A; write ARG A=1 in it too, before it is used',
        ],
        "an ARG whose default is lost": [
            "FROM x AS deps\nARG A=1\nFROM deps\nARG A\nRUN build\n",
            'line 3: the stage continues the pinned stage "deps", an image, and would lose its ARG A; write ARG A=1 in it too, before it is used',
        ],
        "an ARG that the stage after the next would lose": [
            "FROM x AS base\nARG A\nFROM base AS deps\nFROM deps AS middle\nCOPY b /\nFROM middle\nRUN build\n",
            'line 6: the stage continues the pinned stage "deps", an image, and would lose its ARG A; write ARG A in it too, before it is used',
        ],
    };
    for (const [what, [text, message]] of Object.entries(refused)) {
        it(`are refused with ${what}`, () => {
            assert.throws(() => pin(text), new DockerfileError(message));
        });
    }

    const accepted: Record<string, [text: string, buildArgs?: Record<string, string>]> = {
        "is declared again": ["FROM x AS deps\nARG A=1\nFROM deps\nWORKDIR /x\nARG A=2\nRUN build\n"],
        "has its value from outside": ["FROM x AS deps\nARG A=1\nFROM deps\nARG A\nRUN build\n", { A: "1" }],
        "is not used any more": ["FROM x AS deps\nARG A=1\nFROM deps\nCOPY a /\n"],
        "belongs to a stage that files are copied from": [
            "FROM x AS deps\nARG A=1\nFROM x\nCOPY --from=deps a /\nRUN build\n",
        ],
    };
    for (const [what, [text, buildArgs = {}]] of Object.entries(accepted)) {
        it(`are accepted where an ARG ${what}`, () => {
            assert.equal(pin(text, buildArgs).name, "deps");
        });
    }
});
