import assert from "node:assert/strict";
import { declarePipeline, pipelineImage } from "./pipelineFixture";
import { temporaryFolder } from "../temporaryFolder";

/** Length limits of policies, without white space. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const limits: Record<string, number> = {
    "aws:iam/policy:Policy": 6144,
    "aws:iam/rolePolicy:RolePolicy": 10240,
};

describe("a pipeline of a hundred images", function () {
    this.timeout(60_000);
    const folder = temporaryFolder();

    it("has policies that IAM takes, and calls functions of AWS once, but for each image's login", async () => {
        const images = Array.from({ length: 100 }, (_, index) =>
            pipelineImage(folder.path, `service-${index}`, {
                repositoryName: index === 0 ? "shop-development" : `shop-development/service-${index}`,
            }),
        );
        const { world } = await declarePipeline(folder.path, {
            images,
            buildSecrets: { npm: "shop/npm" },
            project: { source: { type: "GITHUB", location: "https://github.com/shop/shop.git" }, webhooks: true },
            infrastructure: {
                buildspec: "version: 0.2\n",
                stateBucket: "shop-state",
                pulumiVersion: "3.245.0",
                pulumiChecksum: "a".repeat(64),
            },
        });
        const policies = world.resources.filter(({ type }) => type in limits);
        assert.ok(policies.length >= 4);
        for (const { type, name, inputs } of policies) {
            const size = (inputs["policy"] as string).replace(/\s/g, "").length;
            assert.ok(size <= limits[type]!, `${name} has ${size} characters`);
        }
        const calls = world.invokes.map(({ token }) => token);
        const logins = calls.filter((token) => token.endsWith(":getAuthorizationToken"));
        const others = calls.filter((token) => !token.endsWith(":getAuthorizationToken"));
        assert.equal(logins.length, images.length);
        assert.equal(others.filter((token) => token.endsWith(":getSecretVersion")).length, 1);
        assert.ok(others.length < 20, others.join("\n"));
    });
});
