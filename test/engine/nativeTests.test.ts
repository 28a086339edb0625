import assert from "node:assert/strict";
import { BatchGetReportsCommand } from "@aws-sdk/client-codebuild";
import { BatchDeleteImageCommand } from "@aws-sdk/client-ecr";
import { awsClients, engineWorld, type EngineWorld, TestStack, writeContext } from "../support/engineWorld";
import { runProjectBatch } from "./batchRun";

const files = {
    Dockerfile: [
        "FROM scratch AS results",
        "COPY results.xml /",
        "FROM scratch",
        "ARG TARGETARCH",
        "COPY code /$TARGETARCH",
        "",
    ].join("\n"),
    code: "1",
    "results.xml": '<testsuites><testsuite name="unit"><testcase name="a"/></testsuite></testsuites>',
};

describe("native builds of an image with tests", function () {
    this.timeout(240_000);
    let engine: EngineWorld;
    let outputs: Record<string, string>;
    const changed = { "native-tested/code": "2" };

    before(async () => {
        engine = await engineWorld();
        const context = await writeContext("native-tested", files);
        const platforms = ["linux/amd64", "linux/arm64"];
        const images = [{ name: "app", context, platforms, testTarget: "results" }];
        const stack = await TestStack.open(engine, "native-tested", { images, nativeBuilds: true });
        outputs = (await stack.up()).outputs as Record<string, string>;
    });

    /** Runs the batch. @returns the result and the report's counts of each task, and the log of the task that joins */
    async function reports(changed: Record<string, string>) {
        const tasks = await runProjectBatch(engine, outputs, changed);
        const log = tasks.map(({ log }) => log).join("\n");
        const counts = await Promise.all(
            tasks.map(async ({ identifier, status, reportArns }) => {
                // CodeBuild fails a build whose report finds no file.
                assert.equal(reportArns.length, 1, log);
                const { codebuild } = awsClients(engine);
                const { reports = [] } = await codebuild.send(new BatchGetReportsCommand({ reportArns }));
                return [identifier, status, reports[0]!.testSummary?.statusCounts];
            }),
        );
        return { counts, log, joined: tasks[2]!.log };
    }

    it("report in each task, although one only runs the tests", async () => {
        const { counts, log } = await reports(changed);
        assert.deepEqual(
            counts,
            [
                ["amd64", "SUCCEEDED", { SUCCEEDED: 1 }],
                ["arm64", "SUCCEEDED", { SKIPPED: 1 }],
                ["join", "SUCCEEDED", { SKIPPED: 1 }],
            ],
            log,
        );
    });

    const skipped = ["amd64", "arm64", "join"].map((task) => [task, "SUCCEEDED", { SKIPPED: 1 }]);

    it("report in each task when only the index is missing, as after a task that failed", async () => {
        const [, tag] = /app is (src-\w+)/.exec((await reports(changed)).log)!;
        const repositoryName = outputs.repositoryUrl!.slice(outputs.repositoryUrl!.indexOf("/") + 1);
        const imageIds = [{ imageTag: tag }];
        await awsClients(engine).ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
        const { counts, log, joined } = await reports(changed);
        assert.deepEqual(counts, skipped, log);
        assert.match(joined, /app has to be built/);
    });

    it("report in each task when the image is adopted", async () => {
        const { counts, log } = await reports({});
        assert.deepEqual(counts, skipped, log);
    });
});
