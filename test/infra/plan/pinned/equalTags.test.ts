import assert from "node:assert/strict";
import * as path from "node:path";
import fc from "fast-check";
import { contextEntries } from "../../../../infra/plan/buildContext";
import { pinStages } from "../../../../infra/plan/pinned/pinnedStages";
import { writeStageFiles } from "../../../../infra/plan/pinned/stageFiles";
import { temporaryFolder, writeTree } from "../../temporaryFolder";
import { inputsOf, pinnedSource } from "./pinnedSource";

describe("pinned stages", () => {
    const folder = temporaryFolder();
    let count = 0;

    it("with equal tags are built from equal inputs, whatever was changed", () => {
        const names = ["a", "b.txt", "lib/c", "lib/d.log", "lib/sub/e", "x y/f", "é"];
        const tree = fc.dictionary(fc.constantFrom(...names), fc.constantFrom("1", "2"));
        const sources = ["a", "*.txt", "lib", "lib/*", "lib/*/e", "./", "/lib/sub/", "[ab]*", "x?y"];
        const ignore = fc.subarray(["*", "!lib", "**/*.log", "lib/sub", "!lib/sub/e", "a", "!a"]);
        const instruction = fc.oneof(
            fc.constantFrom(...sources).map((one) => `COPY ["${one}", "/"]`),
            fc.constantFrom(...sources.slice(0, 3)).map((one) => `RUN --mount=type=bind,source=${one},target=/x y`),
            fc.constantFrom("ARG A=1", "ARG B", "RUN make", "WORKDIR /w"),
        );
        const version = fc.record({
            tree,
            ignore,
            deps: fc.array(instruction, { maxLength: 3 }),
            app: fc.constantFrom("COPY a /a", "COPY lib /lib"),
            buildArgs: fc.dictionary(fc.constantFrom("A", "B", "C"), fc.constantFrom("1", "2")),
        });
        const inputsByTag = new Map<string, string>();
        fc.assert(
            fc.property(version, ({ tree, ignore, deps, app, buildArgs }) => {
                const context = writeTree(path.join(folder.path, `random-${count++}`), {
                    ...tree,
                    ".dockerignore": [...ignore, "Dockerfile", ".dockerignore"].join("\n"),
                    Dockerfile: ["FROM scratch AS deps", ...deps, "FROM deps", "ARG A=1", "ARG B", app].join("\n"),
                });
                const one = pinnedSource(context, { buildArgs });
                const stage = pinStages(one)[0]!;
                const inputs = inputsOf(stage, one);
                assert.equal(inputsByTag.get(stage.tag) ?? inputs, inputs);
                inputsByTag.set(stage.tag, inputs);
                // AND the stage gets, of what the image's build gets, all that its sources name
                const given = contextEntries(context, writeStageFiles(path.join(folder.path, "given"), stage));
                const all = contextEntries(context, one.dockerfile);
                assert.deepEqual(
                    given.filter(({ path: name }) => !all.some((entry) => entry.path === name)),
                    [],
                );
            }),
            { numRuns: 150 },
        );
        assert.ok(inputsByTag.size > 50);
    });
});
