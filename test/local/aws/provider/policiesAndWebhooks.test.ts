import * as aws from "@pulumi/aws";
import assert from "node:assert/strict";
import { createAwsContext } from "../../../../local/aws/provider/awsContext";
import type { AwsContext } from "../../../../local/aws/provider/resourceType";
import { exchangeableStack, type Program, startWorld, type TestWorld } from "./support";

describe("policies and webhooks under the real engine", function () {
    this.timeout(120_000);
    let world: TestWorld;
    let context: AwsContext;

    before(async () => {
        world = await startWorld();
        context = createAwsContext(world.settings);
    });
    after(() => world.stop());

    const stackOf = (name: string, first: Program) => exchangeableStack(world, name, first);

    it("keeps five versions of a policy, and the newest is the one that counts", async () => {
        const { iam } = context.clients;
        const statement = (index: number) => ({ Effect: "Allow", Action: `s3:Get${index}`, Resource: "*" });
        const declare = (index: number) => () => ({
            arn: new aws.iam.Policy("versions", {
                policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement(index)] }),
            }).arn,
        });
        const { stack, run } = await stackOf("versions", declare(1));
        const PolicyArn = String((await run()).outputs.arn?.value);

        for (const index of [2, 3, 4, 5, 6]) await run(declare(index));

        const { Versions = [] } = await iam.listPolicyVersions({ PolicyArn });
        assert.deepEqual(
            Versions.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion]).sort(),
            ["v2", "v3", "v4", "v5", "v6"].map((id) => [id, id === "v6"]),
        );
        await stack.destroy();
        await assert.rejects(iam.getPolicy({ PolicyArn }), { name: "NoSuchEntityException" });
    });

    it("replaces the webhook of a project that is replaced, and finds one again that was deleted by hand", async () => {
        const { codebuild } = context.clients;
        const declare = (name: string) => () => {
            const project = new aws.codebuild.Project("hooked", {
                name,
                serviceRole: "arn:aws:iam::000000000000:role/none",
                artifacts: { type: "NO_ARTIFACTS" },
                environment: { type: "LINUX_CONTAINER", computeType: "BUILD_GENERAL1_SMALL", image: "image" },
                source: { type: "GITHUB", location: "https://github.com/example/app.git" },
            });
            const filterGroups = [{ filters: [{ type: "EVENT", pattern: "PUSH" }] }];
            return { url: new aws.codebuild.Webhook("hooked", { projectName: project.name, filterGroups }).url };
        };
        const { stack, run } = await stackOf("hooked", declare("one"));
        assert.equal((await run()).outputs.url?.value, "https://github.com/example/app/hooks/1");

        assert.deepEqual((await run(declare("two"))).summary.resourceChanges, { replace: 2, same: 1 });
        await codebuild.deleteWebhook({ projectName: "two" });
        await stack.refresh();
        assert.deepEqual((await run()).summary.resourceChanges, { create: 1, same: 2 });
        const [project] = (await codebuild.batchGetProjects({ names: ["two"] })).projects ?? [];
        assert.deepEqual(project?.webhook?.filterGroups, [[{ type: "EVENT", pattern: "PUSH" }]]);
        await stack.destroy();
    });
});
