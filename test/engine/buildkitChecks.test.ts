import assert from "node:assert/strict";
import * as path from "node:path";
import { buildkitChecks } from "../../local/commands/buildkitChecks";
import { projectRoot } from "../../local/paths";
import { engineWorld, writeContext } from "../support/engineWorld";

describe("BuildKit's own checks of a Dockerfile", function () {
    this.timeout(120_000);

    async function checks(name: string, Dockerfile: string) {
        const { world, toolchain } = await engineWorld();
        const context = path.join(projectRoot, await writeContext(name, { Dockerfile }));
        const examination = { dockerfile: path.join(context, "Dockerfile"), context };
        return buildkitChecks(examination, world, toolchain.dockerBuildx, new AbortController().signal);
    }

    it("find nothing in a good one", async () => {
        assert.deepEqual(await checks("checks-good", "FROM scratch\nCOPY x /\n"), { warnings: [], failure: undefined });
    });

    it("warn with the line, and read the base image from the local registry", async () => {
        const { warnings, failure } = await checks(
            "checks-warning",
            "ARG BASE_REGISTRY=x\nFROM ${BASE_REGISTRY}/busybox:1.37-musl as base\nWORKDIR app\n",
        );
        assert.equal(failure, undefined);
        assert.deepEqual(
            warnings.map(({ ruleName, line }) => [ruleName, line]),
            [
                ["FromAsCasing", 2],
                ["WorkdirRelativePath", 3],
            ],
        );
    });

    it("say why they stopped before the end", async () => {
        const { warnings, failure } = await checks("checks-failure", "FROM scratch\nNOTHING x\n");
        assert.deepEqual(warnings, []);
        assert.equal(failure, "dockerfile parse error on line 2: unknown instruction: NOTHING");
    });
});
