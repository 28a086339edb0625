import assert from "node:assert/strict";
import { buildTrustPolicy } from "../../../infra/codebuild/buildRolePolicy";
import { pullRequestRolePolicy } from "../../../infra/codebuild/pullRequestRolePolicy";
import {
    pullRequestBuildPolicy,
    pullRequestFilterGroups,
    trustedFilterGroups,
} from "../../../infra/codebuild/webhooks";
import { accountId, region } from "../../../local/mocks/mockOutputs";
import { isSecret, valueOf } from "../../../local/mocks/mockPulumi";
import { args, declare, ownVariables, projectInputs, scope, tree, variables } from "./buildProjectFixture";

const connectionArn = `arn:aws:codeconnections:${region}:${accountId}:connection/1`;
const source = {
    type: "GITHUB",
    location: "https://github.com/acme/shop.git",
    auth: { type: "CODECONNECTIONS", resource: connectionArn },
};
const role = "build-pull-request-role-1a2b3c4";
const boundaryArn = `arn:aws:iam::${accountId}:policy/shop-dev-pull-request-boundary`;
const policy = pullRequestRolePolicy({
    ...scope,
    source: { connectionArn },
    logGroupArn: `${scope.logGroupArn}-pull-request`,
});

describe("BuildProject with webhooks", () => {
    it("declares a second project for pull requests, and a webhook each", async () => {
        const { world } = await declare({ source, webhooks: true });
        assert.deepEqual(world.tree(), [
            ...tree.slice(0, 5),
            "  PullRequestProject build-pull-request",
            "    LogGroup build-pull-request-logs",
            "    Policy build-pull-request-boundary",
            "    Project build-pull-request-project",
            "    Role build-pull-request-role",
            "    RolePolicy build-pull-request-policy",
            "    Webhook build-pull-request-webhook",
            ...tree.slice(5),
            "  Webhook build-webhook",
        ]);
    });

    it("lets pushes start the project that pushes, and tags where a pattern is given", async () => {
        for (const tagPattern of [undefined, "v[0-9]+"]) {
            const { world } = await declare({
                source,
                webhooks: true,
                policy: { ...args.policy, defaultBranch: "trunk" },
                tagPattern,
            });
            assert.deepEqual(world.resource("build-webhook").inputs, {
                projectName: "shop-dev",
                buildType: "BUILD",
                filterGroups: trustedFilterGroups("trunk", tagPattern),
            });
        }
    });

    it("lets pull requests start the other one, all of them only after a comment of those who may approve", async () => {
        const { world } = await declare({ source, webhooks: true, policy: { ...args.policy, defaultBranch: "trunk" } });
        assert.deepEqual(world.resource("build-pull-request-webhook").inputs, {
            projectName: "shop-dev-pull-request",
            buildType: "BUILD",
            filterGroups: pullRequestFilterGroups("GITHUB", "trunk"),
            pullRequestBuildPolicy: pullRequestBuildPolicy("GITHUB"),
        });
    });

    it("passes another approval policy on", async () => {
        const own = { requiresCommentApproval: "FORK_PULL_REQUESTS", approverRoles: ["GITHUB_ADMIN"] };
        const { world } = await declare({ source, webhooks: true, pullRequestBuildPolicy: own });
        assert.deepEqual(world.resource("build-pull-request-webhook").inputs["pullRequestBuildPolicy"], own);
    });

    it("reports the status of both projects' builds to the Git host, unless it is told not to", async () => {
        const statuses = async (reportBuildStatus?: boolean) => {
            const { world } = await declare({ source: { ...source, reportBuildStatus }, webhooks: true });
            return ["build-project", "build-pull-request-project"].map(
                (name) => (world.resource(name).inputs["source"] as Record<string, unknown>)["reportBuildStatus"],
            );
        };
        assert.deepEqual(
            [await statuses(), await statuses(false)],
            [
                [true, true],
                [false, false],
            ],
        );
    });

    it("gives pull requests a connection of their own, which alone their role and its boundary reach", async () => {
        const own = `arn:aws:codeconnections:${region}:${accountId}:connection/2`;
        const { world } = await declare({ source, webhooks: true, pullRequestConnectionArn: own });
        const connections = ["build-project", "build-pull-request-project"].map(
            (name) => (world.resource(name).inputs["source"] as typeof source).auth,
        );
        assert.deepEqual(connections, [source.auth, { ...source.auth, resource: own }]);
        const expected = pullRequestRolePolicy({
            ...scope,
            source: { connectionArn: own },
            logGroupArn: `${scope.logGroupArn}-pull-request`,
        });
        for (const name of ["build-pull-request-policy", "build-pull-request-boundary"]) {
            assert.equal(world.resource(name).inputs["policy"], expected);
        }
    });

    it("says what to enter at GitHub Enterprise Server, where CodeBuild makes no webhooks, and nothing elsewhere", async () => {
        const { project } = await declare({ source: { ...source, type: "GITHUB_ENTERPRISE" }, webhooks: true });
        const entered = (name: string) => ({
            payloadUrl: `https://codebuild.test/${name}`,
            secret: `secret of ${name}`,
        });
        assert.deepEqual(await valueOf(project.webhooks), {
            "shop-dev": entered("shop-dev"),
            "shop-dev-pull-request": entered("shop-dev-pull-request"),
        });
        assert.equal(await isSecret(project.webhooks), true);
        const { project: elsewhere } = await declare({ source, webhooks: true });
        assert.equal(await valueOf(elsewhere.webhooks), undefined);
        assert.equal(await valueOf((await declare({ source })).project.webhooks), undefined);
    });
});

describe("PullRequestProject", () => {
    const shared: Partial<typeof projectInputs> = { ...projectInputs };
    delete shared.cache;

    it("builds the same and leaves nothing: no artifacts, no cached folders, no secrets, no parameters", async () => {
        const { world, project } = await declare({
            source,
            webhooks: true,
            sourceVersion: "main",
            cacheNamespace: "shop",
            buildSecrets: { npm: "shop/npm" },
            kmsKeyArn: `arn:aws:kms:${region}:${accountId}:key/1`,
            environmentVariables: [
                { name: "A", value: "1" },
                { name: "PARAMETER", value: "/shop/region", type: "PARAMETER_STORE" },
                { name: "SECRET", value: "shop/sonar", type: "SECRETS_MANAGER" },
            ],
        });
        assert.deepEqual(world.resource("build-pull-request-project").inputs, {
            ...shared,
            name: "shop-dev-pull-request",
            description: "Builds the application's images for pull requests and pushes nothing",
            serviceRole: `arn:aws:iam::${accountId}:role/${role}`,
            source: { ...source, reportBuildStatus: true, buildspec: "version: 0.2\n" },
            artifacts: { type: "NO_ARTIFACTS" },
            environment: {
                ...projectInputs.environment,
                environmentVariables: variables({ ...ownVariables, A: "1" }),
            },
            logsConfig: {
                cloudwatchLogs: { groupName: "/aws/codebuild/shop-dev-pull-request", status: "ENABLED" },
            },
        });
        assert.equal(await valueOf(project.pullRequestProjectName!), "shop-dev-pull-request");
    });

    it("runs under a role that its own policy bounds as well, and only its builds may assume it", async () => {
        const { world } = await declare({ source, webhooks: true, rolePath: "/shop/dev/" });
        const projectArn = `arn:aws:codebuild:${region}:${accountId}:project/shop-dev-pull-request`;
        assert.deepEqual(world.resource("build-pull-request-role").inputs, {
            description: "Builds of the CodeBuild project shop-dev-pull-request",
            path: "/shop/dev/",
            assumeRolePolicy: buildTrustPolicy(projectArn, accountId),
            permissionsBoundary: boundaryArn,
        });
        assert.deepEqual(world.resource("build-pull-request-policy").inputs, { role, policy });
        assert.deepEqual(world.resource("build-pull-request-boundary").inputs, {
            name: "shop-dev-pull-request-boundary",
            description: "The most that builds of shop-dev-pull-request may do, whatever their role gets",
            policy,
        });
        assert.deepEqual(world.resource("PullRequestProject build-pull-request").outputs, {
            projectName: "shop-dev-pull-request",
            roleArn: `arn:aws:iam::${accountId}:role/${role}`,
            boundaryArn,
        });
    });

    it("keeps a boundary of its own where the project that pushes has another", async () => {
        const permissionsBoundary = `arn:aws:iam::${accountId}:policy/infrastructure`;
        const { world } = await declare({ source, webhooks: true, permissionsBoundary });
        assert.equal(world.resource("build-role").inputs["permissionsBoundary"], permissionsBoundary);
        assert.equal(world.resource("build-pull-request-role").inputs["permissionsBoundary"], boundaryArn);
    });
});
