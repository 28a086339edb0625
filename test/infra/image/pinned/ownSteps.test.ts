import assert from "node:assert/strict";
import { DockerfileError, hasStepsToCache } from "../../../../infra/image/pinned";
import { temporaryFolder, writeTree } from "../../temporaryFolder";
import { pinnedSource } from "./pinnedSource";

const deps = "FROM base AS deps\nCOPY lock /\nRUN install\n";

describe("steps of an image besides its pinned stages", () => {
    const folder = temporaryFolder();

    function hasSteps(Dockerfile: string, target?: string): boolean {
        writeTree(folder.path, { Dockerfile });
        return hasStepsToCache(pinnedSource(folder.path, { target }));
    }

    const images: [what: string, dockerfile: string, expected: boolean][] = [
        ["copies of the context", `${deps}FROM deps\nCOPY --link app /app\nCOPY a b /\n`, false],
        ["what sets metadata", `${deps}FROM deps\nARG A=1\nENV B=$A\nUSER 1\nCMD x\nCOPY app /app\n`, false],
        ["copies in a stage below", `${deps}FROM deps AS middle\nCOPY a /\nFROM middle\nCOPY b /\n`, false],
        ["steps of a stage that is no part of it", `${deps}FROM deps AS test\nRUN test\nFROM deps\nCOPY a /\n`, false],
        ["a command", `${deps}FROM deps\nCOPY app /app\nRUN compile\n`, true],
        ["a command in a stage below", `${deps}FROM deps AS build\nRUN x\nFROM y\nCOPY --from=build /x /\n`, true],
        ["a command in a stage that is mounted", `${deps}FROM b AS x\nRUN x\nFROM deps\nRUN --mount=from=x y\n`, true],
        ["a folder to work in", `${deps}FROM deps\nWORKDIR /app\nCOPY app .\n`, true],
        ["a copy of the pinned stage", `${deps}FROM slim\nCOPY --from=deps /x /x\nCOPY app /app\n`, true],
        ["a copy of an image", `${deps}FROM deps\nCOPY --from=nginx /x /x\nCOPY app /app\n`, true],
        ["something that is added", `${deps}FROM deps\nADD https://example.org/x /\n`, true],
    ];
    for (const [what, dockerfile, expected] of images) {
        it(`are ${expected ? "some that a cache could spare" : "none that a cache could spare"} with ${what}`, () => {
            assert.equal(hasSteps(dockerfile), expected);
        });
    }

    it("are those of the target", () => {
        const text = `${deps}FROM deps AS app\nCOPY app /app\nFROM app\nRUN compile\n`;
        assert.equal(hasSteps(text, "app"), false);
        assert.equal(hasSteps(text), true);
    });

    it("are refused where the stage is missing", () => {
        assert.throws(() => hasSteps("FROM x AS y\n"), new DockerfileError('it has no stage "deps"; there are y'));
    });
});
