import assert from "node:assert/strict";
import { readDefinition } from "../../../infra/plan/buildDefinition";
import { batchRolePolicy } from "../../../infra/codebuild/batchRole";
import { buildRolePolicy } from "../../../infra/codebuild/buildRolePolicy";
import { pullRequestRolePolicy } from "../../../infra/codebuild/pullRequestRolePolicy";
import { withTestReport } from "../../../infra/codebuild/testReport";
import { accountId, region } from "../../../local/mocks/mockOutputs";
import { args, declare, projectInputs, scope, tree } from "./buildProjectFixture";

const projectArn = `arn:aws:codebuild:${region}:${accountId}:project/shop-dev`;
const github = {
    type: "GITHUB",
    location: "https://github.com/acme/shop.git",
    auth: { type: "CODECONNECTIONS", resource: `arn:aws:codeconnections:${region}:${accountId}:connection/1` },
};

describe("BuildProject with native builds", () => {
    it("has a role that may only run builds of the project, which alone may assume it", async () => {
        const { world } = await declare({ nativeBuilds: true });
        assert.deepEqual(world.tree(), [
            ...tree.slice(0, 5),
            "  Role build-batch-role",
            "  Role build-role",
            "  RolePolicy build-batch-policy",
            "  RolePolicy build-policy",
        ]);
        assert.deepEqual(world.resource("build-project").inputs, {
            ...projectInputs,
            buildBatchConfig: {
                serviceRole: `arn:aws:iam::${accountId}:role/build-batch-role-1a2b3c4`,
                restrictions: { maximumBuildsAllowed: 3 },
            },
        });
        assert.equal(world.resource("build-batch-policy").inputs["policy"], batchRolePolicy(projectArn));
        assert.deepEqual(JSON.parse(batchRolePolicy(projectArn)), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "RunBuildsOfBatch",
                    Effect: "Allow",
                    Action: ["codebuild:RetryBuild", "codebuild:StartBuild", "codebuild:StopBuild"],
                    Resource: projectArn,
                },
            ],
        });
        assert.equal(
            world.resource("build-batch-role").inputs["assumeRolePolicy"],
            world.resource("build-role").inputs["assumeRolePolicy"],
        );
    });

    it("lets the Git host start batches, but single builds of pull requests", async () => {
        const { world } = await declare({ nativeBuilds: true, source: github, webhooks: true });
        assert.equal(world.resource("build-webhook").inputs["buildType"], "BUILD_BATCH");
        assert.equal(world.resource("build-pull-request-webhook").inputs["buildType"], "BUILD");
    });
});

describe("BuildProject with an image that has tests", () => {
    const images = [{ ...args.images[0]!, testTarget: "results" }, args.images[1]!];
    const group = (project: string) => `arn:aws:codebuild:${region}:${accountId}:report-group/${project}-tests`;

    it("reports their results, which its role may hand in", async () => {
        const { world } = await declare({ images });
        const { source } = world.resource("build-project").inputs as { source: { buildspec: string } };
        assert.equal(source.buildspec, withTestReport(args.buildspec));
        const { content } = world.resource("build-images").inputs as { content: string };
        assert.deepEqual(
            readDefinition(content).images.map(({ testTarget }) => testTarget),
            ["results", undefined],
        );
        assert.equal(
            world.resource("build-policy").inputs["policy"],
            buildRolePolicy({ ...scope, reportGroupArn: group("shop-dev") }),
        );
    });

    it("does so for pull requests, in a group of their own", async () => {
        const { world } = await declare({ images, source: github, webhooks: true });
        assert.equal(
            world.resource("build-pull-request-policy").inputs["policy"],
            pullRequestRolePolicy({
                ...scope,
                logGroupArn: `${scope.logGroupArn}-pull-request`,
                source: { connectionArn: github.auth.resource },
                reportGroupArn: group("shop-dev-pull-request"),
            }),
        );
    });
});
