import assert from "node:assert/strict";
import * as path from "node:path";
import type { Fault } from "../../../local/commands/command";
import { parsePipelineOptions } from "../../../local/commands/pipelineOptions";
import { projectRoot } from "../../../local/paths";

describe("the options of npm run pipeline", () => {
    const called = process.env.INIT_CWD ?? process.cwd();
    const table: [args: string[], folder: string, yes: boolean][] = [
        [[], projectRoot, false],
        [["--yes"], projectRoot, true],
        [["--source", "app"], path.join(called, "app"), false],
        [["--source", "/srv/shop", "--yes"], "/srv/shop", true],
    ];
    for (const [args, folder, yes] of table) {
        it(`are known from "${args.join(" ")}"`, () => assert.deepEqual(parsePipelineOptions(args), { folder, yes }));
    }

    for (const args of [["--approve"], ["--source"], ["app"]]) {
        it(`refuse "${args.join(" ")}" in one sentence with what is allowed`, () => {
            assert.throws(
                () => parsePipelineOptions(args),
                (error: Fault) => error.exitCode === 2 && error.message.endsWith("[--source <folder>] [--yes]"),
            );
        });
    }
});
