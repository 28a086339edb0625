import assert from "node:assert/strict";
import { BatchGetReportsCommand } from "@aws-sdk/client-codebuild";
import { awsClients, engineWorld, type EngineWorld, TestStack, writeContext } from "../support/engineWorld";
import { type Run, runProject } from "./projectRun";

/** Makes the files of an image with tests that take their results from the file `results.xml`. */
function testedFiles(results: string): Record<string, string> {
    return {
        Dockerfile: [
            "ARG BASE_REGISTRY",
            "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS test",
            "RUN --mount=type=bind,target=/source mkdir /results && cp /source/results.xml /results/junit.xml",
            "FROM scratch AS results",
            "COPY --from=test /results /",
            "FROM scratch",
            "COPY code /code",
            "",
        ].join("\n"),
        code: "1",
        "results.xml": results,
    };
}

const suite = (cases: string) => `<testsuites><testsuite name="unit">${cases}</testsuite></testsuites>`;

describe("an image with tests", function () {
    this.timeout(180_000);
    let engine: EngineWorld;
    let outputs: Record<string, string>;

    before(async () => {
        engine = await engineWorld();
        const context = await writeContext("tested-app", testedFiles(suite('<testcase name="a"/>')));
        const images = [{ name: "app", context, testTarget: "results" }];
        const stack = await TestStack.open(engine, "tested", { images });
        outputs = (await stack.up()).outputs as Record<string, string>;
    });

    async function reportsOf({ build }: Run) {
        const command = new BatchGetReportsCommand({ reportArns: build.reportArns });
        const { reports = [] } = await awsClients(engine).codebuild.send(command);
        return reports.map(({ name, status, testSummary }) => ({ name, status, counts: testSummary?.statusCounts }));
    }

    it("reports what they say, and is pushed when they pass", async () => {
        const results = suite('<testcase name="a"/><testcase name="b"/>');
        const run = await runProject(engine, outputs, { changed: { "tested-app/results.xml": results } });
        assert.ok(run.succeeded, run.log);
        assert.match(run.exported.IMAGE_DIGEST!, /^sha256:/);
        assert.deepEqual(await reportsOf(run), [
            { name: `${outputs.buildProjectName}-tests`, status: "SUCCEEDED", counts: { SUCCEEDED: 2 } },
        ]);
    });

    it("is not built when one fails, and the report says which", async () => {
        const results = suite('<testcase name="a"/><testcase name="b"><failure message="1 is not 2"/></testcase>');
        const run = await runProject(engine, outputs, { changed: { "tested-app/results.xml": results } });
        assert.equal(run.succeeded, false);
        assert.match(run.log, /1 of 2 tests failed, so no image is built; the report has them\./);
        assert.equal(run.exported.IMAGE_DIGEST, undefined);
        assert.equal(run.bytes.up, 0);
        assert.deepEqual(await reportsOf(run), [
            { name: `${outputs.buildProjectName}-tests`, status: "FAILED", counts: { SUCCEEDED: 1, FAILED: 1 } },
        ]);
    });

    it("is adopted without testing it again, and the report says that too", async () => {
        const run = await runProject(engine, outputs);
        assert.ok(run.succeeded, run.log);
        assert.equal(run.build.builderStarted, false);
        assert.deepEqual(await reportsOf(run), [
            { name: `${outputs.buildProjectName}-tests`, status: "SUCCEEDED", counts: { SKIPPED: 1 } },
        ]);
    });
});
