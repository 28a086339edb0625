import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { buildRolePolicy } from "../../../infra/codebuild/buildRolePolicy";
import { packagedTools } from "../../../infra/buildTools/packagedTools";
import { contentKey } from "../../../infra/buildTools/contentKey";
import { accountId, digestOf, region, registry } from "../../../local/mocks/mockOutputs";
import { args, declare, imagesContent, ownVariables, projectInputs, scope, variables } from "./buildProjectFixture";

describe("the settings of BuildProject", () => {
    it("passes variables on, lets builds read what they are kept in, and keeps logs for the days given", async () => {
        const own = [
            { name: "A", value: "1", type: "PLAINTEXT" },
            { name: "PARAMETER", value: "/shop/region", type: "PARAMETER_STORE" },
            { name: "SECRET", value: "shop/sonar:token", type: "SECRETS_MANAGER" },
        ];
        const { world } = await declare({
            environmentVariables: [{ name: "A", value: "1" }, ...own.slice(1)],
            logRetentionDays: 7,
        });
        assert.deepEqual(world.resource("build-project").inputs, {
            ...projectInputs,
            environment: {
                ...projectInputs.environment,
                environmentVariables: [...variables(ownVariables), ...own],
            },
        });
        assert.equal(
            world.resource("build-policy").inputs["policy"],
            buildRolePolicy({
                ...scope,
                parameterArns: [`arn:aws:ssm:${region}:${accountId}:parameter/shop/region`],
                secretArns: [`arn:aws:secretsmanager:${region}:${accountId}:secret:shop/sonar-??????`],
            }),
        );
        assert.equal(world.resource("build-logs").inputs["retentionInDays"], 7);
    });

    it("takes the privileges from builds of every project that connect to a BuildKit elsewhere", async () => {
        const address = { name: "BUILDKIT_ADDRESS", value: "tcp://buildkit.internal:1234" };
        const source = { type: "GITHUB", location: "https://github.com/acme/shop.git" };
        const privileges = async (variable: { name: string; value: string; type?: string }) => {
            const { world } = await declare({ source, webhooks: true, environmentVariables: [variable] });
            return ["build-project", "build-pull-request-project"].map(
                (name) => (world.resource(name).inputs["environment"] as Record<string, unknown>)["privilegedMode"],
            );
        };
        assert.deepEqual(await privileges(address), [false, false]);
        assert.deepEqual(await privileges({ ...address, type: "PLAINTEXT" }), [false, false]);
        // Builds of pull requests would not get the address.
        assert.deepEqual(await privileges({ ...address, type: "PARAMETER_STORE" }), [true, true]);
        assert.deepEqual(await privileges({ ...address, name: "OTHER" }), [true, true]);
    });

    it("takes source and artifacts from the pipeline that starts builds", async () => {
        const artifactBucketArn = "arn:aws:s3:::pipeline-artifacts";
        const { world } = await declare({
            source: { type: "CODEPIPELINE" },
            pipelineArtifactBucketArn: artifactBucketArn,
        });
        assert.deepEqual(world.resource("build-project").inputs, {
            ...projectInputs,
            source: { type: "CODEPIPELINE", buildspec: "version: 0.2\n" },
            artifacts: { type: "CODEPIPELINE" },
        });
        assert.equal(
            world.resource("build-policy").inputs["policy"],
            buildRolePolicy({ ...scope, source: { artifactBucketArn } }),
        );
    });

    it("runs builds in a VPC, with the network interfaces that this takes", async () => {
        const vpcConfig = { vpcId: "vpc-1", subnets: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };
        const { world } = await declare({ vpcConfig });
        assert.deepEqual(world.resource("build-project").inputs, { ...projectInputs, vpcConfig });
        const arn = (resource: string) => `arn:aws:ec2:${region}:${accountId}:${resource}`;
        assert.equal(
            world.resource("build-policy").inputs["policy"],
            buildRolePolicy({
                ...scope,
                network: {
                    networkInterfaceArns: arn("network-interface/*"),
                    subnetArns: [arn("subnet/subnet-1"), arn("subnet/subnet-2")],
                    securityGroupArns: [arn("security-group/sg-1")],
                },
            }),
        );
    });

    it("gives its role the path and the boundary that it is told", async () => {
        const permissionsBoundary = `arn:aws:iam::${accountId}:policy/boundary`;
        const { world } = await declare({ rolePath: "/shop/dev/", permissionsBoundary });
        const { path, permissionsBoundary: boundary } = world.resource("build-role").inputs;
        assert.deepEqual({ path, boundary }, { path: "/shop/dev/", boundary: permissionsBoundary });
    });

    it("tells builds of BuildKit and secrets, and lets them read these secrets", async () => {
        const buildkitImage = `${registry}/api@${digestOf("buildkit")}`;
        const { world } = await declare({
            buildkitImage: pulumi.output(buildkitImage),
            buildSecrets: { npm: pulumi.output("shop/npm") },
        });
        const { environmentVariables } = world.resource("build-project").inputs["environment"] as {
            environmentVariables: unknown;
        };
        assert.deepEqual(
            environmentVariables,
            variables({
                BUILDKIT_IMAGE: buildkitImage,
                BUILD_SECRETS: '{"npm":"shop/npm"}',
                BUILD_TOOLS_BUCKET: ownVariables.BUILD_TOOLS_BUCKET,
                BUILD_TOOLS_KEY: ownVariables.BUILD_TOOLS_KEY,
                IMAGES_KEY: ownVariables.IMAGES_KEY,
            }),
        );
        assert.equal(
            world.resource("build-policy").inputs["policy"],
            buildRolePolicy({
                ...scope,
                secretArns: [`arn:aws:secretsmanager:${region}:${accountId}:secret:shop/npm-??????`],
            }),
        );
    });

    it("passes the settings of the project on, and lets builds read their source", async () => {
        const resource = `arn:aws:codeconnections:${region}:${accountId}:connection/1`;
        const source = {
            type: "GITHUB",
            location: "https://github.com/acme/shop.git",
            gitCloneDepth: 1,
            auth: { type: "CODECONNECTIONS", resource },
        };
        const limits = { buildTimeout: 10, queuedTimeout: 5, autoRetryLimit: 1, concurrentBuildLimit: 2 };
        const host = { computeType: "BUILD_GENERAL1_LARGE", image: "aws/codebuild/standard:7.0" };
        const dockerServer = { computeType: "BUILD_GENERAL1_SMALL" };
        const { world } = await declare({
            source,
            sourceVersion: "main",
            ...limits,
            ...host,
            environmentType: "LINUX_EC2",
            dockerServer,
            cacheNamespace: "shop",
        });
        assert.deepEqual(world.resource("build-project").inputs, {
            ...projectInputs,
            source: { ...source, buildspec: "version: 0.2\n" },
            sourceVersion: "main",
            ...limits,
            environment: { ...projectInputs.environment, ...host, type: "LINUX_EC2", dockerServer },
            cache: { ...projectInputs.cache, cacheNamespace: "shop" },
        });
        assert.equal(
            world.resource("build-policy").inputs["policy"],
            buildRolePolicy({ ...scope, source: { connectionArn: resource } }),
        );
    });

    it("keeps folders on its host, or nowhere, instead of the bucket where it is told so", async () => {
        for (const cache of [{ type: "LOCAL", modes: ["LOCAL_SOURCE_CACHE"] }, { type: "NO_CACHE" }]) {
            const { world } = await declare({ cache });
            assert.deepEqual(world.resource("build-project").inputs["cache"], cache);
        }
    });

    it("puts tools, images and certificates into the bucket, each under a key of its content", async () => {
        const { world } = await declare({ caCertificates: "certificates" });
        const { key, content } = packagedTools();
        const caCertificates = contentKey("certificates", ".pem");
        const bucket = "shop-cache";
        assert.deepEqual(
            ["build-tools", "build-images", "build-ca-certificates"].map((name) => world.resource(name).inputs),
            [
                { bucket, key, content, contentType: "text/javascript; charset=utf-8" },
                { bucket, key: ownVariables.IMAGES_KEY, content: imagesContent, contentType: "application/json" },
                { bucket, key: caCertificates, content: "certificates", contentType: "application/x-pem-file" },
            ],
        );
        const { environmentVariables } = world.resource("build-project").inputs["environment"] as {
            environmentVariables: { name: string; value: string }[];
        };
        assert.equal(environmentVariables.find(({ name }) => name === "CA_CERTIFICATES_KEY")?.value, caCertificates);
    });

    it("leaves what an update replaces in the bucket, since builds in the queue still name it", async () => {
        const { world } = await declare({ caCertificates: "certificates" });
        const objects = world.resources.filter(({ type }) => type.endsWith("BucketObjectv2"));
        assert.deepEqual(
            objects.map(({ name, options }) => [name, options.retainOnDelete]).sort(),
            ["build-ca-certificates", "build-images", "build-tools"].map((name) => [name, true]),
        );
    });

    it("declares a hundred images by variables of less than 2,000 characters together", async () => {
        const names = Array.from({ length: 100 }, (_, index) => `service-with-a-long-name-${index}`);
        const { world } = await declare({
            images: names.map((name) => ({
                ...args.images[0]!,
                name,
                context: name,
                pinnedStages: [{ name: "deps" }],
            })),
            buildSecrets: { npm: "shop/npm" },
            caCertificates: "certificates",
            policy: { ...args.policy, rebuildKey: "2026-01-01", parallelBuilds: 4 },
        });
        assert.ok((world.resource("build-images").inputs["content"] as string).length > 20_000);
        const { environmentVariables } = world.resource("build-project").inputs["environment"] as {
            environmentVariables: { name: string; value: string }[];
        };
        const { length } = environmentVariables.map(({ name, value }) => name + value).join("");
        assert.ok(length < 2000, `${length} characters`);
    });
});
