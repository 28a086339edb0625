import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { infrastructureRolePolicy } from "../../infra/codebuild/infrastructureRolePolicy";
import { toolsDirectory } from "../../local/paths";
import { separateEngineConnections } from "../../local/world/stack/engineConnections";
import { type Credentials, startWorld, type World } from "../local/aws/gateway/world";

const bucket = "shop-state";
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const iam = (resource: string) => `arn:aws:iam::000000000000:${resource}`;

/** Policy of the role that updates shop/dev. */
const policy = infrastructureRolePolicy({
    stack: "shop/dev",
    source: {},
    repositoryArns: [arn("ecr", "repository/shop-dev")],
    stateBucketArn: `arn:aws:s3:::${bucket}`,
    artifactArns: `arn:aws:s3:::${bucket}/artifacts/shop-dev-infrastructure/*`,
    buildRoles: { roleArns: iam("role/shop/dev/builds/*"), boundaryArn: iam("policy/shop-dev-boundary") },
    pullRequestRoles: { roleArns: iam("role/shop/dev/pull-requests/*"), boundaryArn: iam("policy/pull-requests") },
    ownRoleArns: iam("role/shop/dev/infrastructure/*"),
    ownProjectArn: arn("codebuild", "project/shop-dev-infrastructure"),
    projectArns: [arn("codebuild", "project/shop-dev")],
    logGroupArn: arn("logs", "log-group:/aws/codebuild/shop-dev-infrastructure"),
    logGroupArns: [arn("logs", "log-group:/aws/codebuild/shop-dev")],
    parameterArns: arn("ssm", "parameter/shop/dev/*"),
});

describe("the role of updates, on a bucket with the states of two stacks", function () {
    this.timeout(180_000);
    let world: World;
    let folder: string;
    let role: Awaited<ReturnType<World["assumeRole"]>>;

    before(async () => {
        world = await startWorld();
        folder = await fs.mkdtemp(path.join(tmpdir(), "stack-state-"));
        await world.admin.s3.send(new CreateBucketCommand({ Bucket: bucket }));
        // GIVEN what an administrator has created
        for (const name of ["dev", "prod"]) await (await open(name, world.admin, "create")).up();
        const { Statement } = JSON.parse(policy) as { Statement: object[] };
        role = await world.assumeRole("updates", Statement);
    });

    after(async () => {
        await world.stop();
        await fs.rm(folder, { recursive: true, force: true });
    });

    /** Opens a stack on the real engine with the credentials of a caller. */
    async function open(name: string, { s3 }: Pick<World["admin"], "s3">, how: "create" | "select"): Promise<Stack> {
        separateEngineConnections();
        const { accessKeyId, secretAccessKey, sessionToken = "" }: Credentials = await s3.config.credentials();
        const endpoint = encodeURIComponent(world.gateway.origin);
        const workspace = await LocalWorkspace.create({
            workDir: folder,
            pulumiHome: path.join(folder, "home"),
            pulumiCommand: await PulumiCommand.get({ root: toolsDirectory, skipVersionCheck: true }),
            projectSettings: { name: "shop", runtime: "nodejs" },
            program: () => Promise.resolve({ said: new Date().toISOString() }),
            envVars: {
                AWS_ACCESS_KEY_ID: accessKeyId,
                AWS_SECRET_ACCESS_KEY: secretAccessKey,
                AWS_SESSION_TOKEN: sessionToken,
                PULUMI_BACKEND_URL: `s3://${bucket}?endpoint=${endpoint}&use_path_style=true&region=${world.region}`,
                PULUMI_CONFIG_PASSPHRASE: "passphrase",
                PULUMI_SKIP_UPDATE_CHECK: "true",
            },
        });
        return Stack[how](name, workspace);
    }

    it("suffices to preview, update, read and unlock its own stack, and nothing of that is denied", async () => {
        const since = world.log().length;
        const stack = await open("dev", role, "select");
        await stack.preview({ suppressProgress: true });
        const { summary } = await stack.up({ suppressProgress: true });
        assert.equal(summary.result, "succeeded");
        assert.equal((await stack.history()).length, 2);
        assert.ok((await stack.outputs())["said"]);
        await stack.cancel();
        const asked = world.log().slice(since);
        assert.ok(asked.length > 20);
        assert.deepEqual(
            asked.filter(({ allowed }) => !allowed).map(({ action, resource }) => `${action} ${resource}`),
            [],
        );
    });

    it("does not open the other stack", async () => {
        await assert.rejects(open("prod", role, "select"), /403|Forbidden|AccessDenied/);
    });

    for (const Key of [
        "stacks/shop/prod.json",
        "stacks/shop/dev2.json",
        "stacks/other/dev.json",
        "history/shop/prod/prod-1.history.json",
        "locks/organization/shop/prod/lock.json",
    ]) {
        it(`denies reading, writing and deleting ${Key}`, async () => {
            const object = { Bucket: bucket, Key: `.pulumi/${Key}` };
            const calls = [
                role.s3.send(new GetObjectCommand(object)),
                role.s3.send(new PutObjectCommand({ ...object, Body: "" })),
                role.s3.send(new DeleteObjectCommand(object)),
            ];
            for (const call of calls) await assert.rejects(call, { name: "AccessDenied" });
        });
    }

    it("lets it read the version of the state, and not change it", async () => {
        const object = { Bucket: bucket, Key: ".pulumi/meta.yaml" };
        await role.s3.send(new GetObjectCommand(object));
        await assert.rejects(role.s3.send(new PutObjectCommand({ ...object, Body: "version: 0" })), {
            name: "AccessDenied",
        });
    });
});
