import * as aws from "@pulumi/aws";
import assert from "node:assert/strict";
import { createAwsContext } from "../../../../local/aws/provider/awsContext";
import type { AwsContext } from "../../../../local/aws/provider/resourceType";
import { exchangeableStack, type Program, startWorld, type TestWorld } from "./support";

describe("one resource under the real engine", function () {
    this.timeout(120_000);
    let world: TestWorld;
    let context: AwsContext;

    before(async () => {
        world = await startWorld();
        context = createAwsContext(world.settings);
    });
    after(() => world.stop());

    const stackOf = (name: string, first: Program) => exchangeableStack(world, name, first);

    it("replaces an automatically named resource by a new one before it deletes the old one", async () => {
        const declare = (encryptionType: string) => () => ({
            name: new aws.ecr.Repository("Renamed", { encryptionConfigurations: [{ encryptionType }] }).name,
        });
        const { stack, run } = await stackOf("replacement", declare("AES256"));
        const before = await run();

        const after = await run(declare("KMS"));

        assert.deepEqual(after.summary.resourceChanges, { replace: 1, same: 1 });
        assert.notEqual(after.outputs.name?.value, before.outputs.name?.value);
        assert.match(String(after.outputs.name?.value), /^renamed-[0-9a-f]{7}$/);
        const { repositories } = await context.clients.ecr.describeRepositories({});
        assert.deepEqual(
            repositories?.map((found) => found.repositoryName),
            [after.outputs.name?.value],
        );
        await stack.destroy();
    });

    it("deletes a resource with a fixed name before it makes its replacement", async () => {
        const declare = (path: string) => () => {
            new aws.iam.Role("fixed", {
                name: "fixed",
                path,
                assumeRolePolicy: { Version: "2012-10-17", Statement: [] },
            });
            return undefined;
        };
        const { stack, run } = await stackOf("fixed-name", declare("/a/"));
        await run();

        const after = await run(declare("/b/"));

        assert.deepEqual(after.summary.resourceChanges, { replace: 1, same: 1 });
        assert.equal((await context.clients.iam.getRole({ RoleName: "fixed" })).Role?.Path, "/b/");
        await stack.destroy();
    });

    it("imports a parameter with its value, which a program that gives insecureValue may ignore", async () => {
        const { ssm } = context.clients;
        await ssm.putParameter({ Name: "/imported", Type: "String", Value: "1" });
        const { stack, run } = await stackOf("import-parameter", () => {
            const options = { import: "/imported", ignoreChanges: ["insecureValue", "value"] };
            const input = { name: "/imported", type: "String", insecureValue: "2" };
            return { version: new aws.ssm.Parameter("imported", input, options).version };
        });

        assert.deepEqual((await run()).summary.resourceChanges, { import: 1, create: 1 });
        assert.equal((await ssm.getParameter({ Name: "/imported" })).Parameter?.Value, "1");
        await stack.destroy();
    });

    it("imports by id and then sees no change", async () => {
        const { ecr } = context.clients;
        await ecr.createRepository({ repositoryName: "team/imported", tags: [{ Key: "team", Value: "a" }] });
        const declare = (options: object) => () => ({
            url: new aws.ecr.Repository("imported", { name: "team/imported", tags: { team: "a" } }, options)
                .repositoryUrl,
        });
        const { stack, run } = await stackOf("import", declare({ import: "team/imported" }));

        const imported = await run();

        assert.deepEqual(imported.summary.resourceChanges, { import: 1, create: 1 });
        assert.match(String(imported.outputs.url?.value), /\/team\/imported$/);
        assert.deepEqual((await run(declare({}))).summary.resourceChanges, { same: 2 });
        await stack.destroy();
        assert.deepEqual((await ecr.describeRepositories({})).repositories, []);
    });

    it("keeps the outputs of a changed resource known in a preview", async () => {
        const declare = (team: string) => () => {
            const repository = new aws.ecr.Repository("known", { tags: { team } });
            new aws.ssm.Parameter("url", { type: "String", insecureValue: repository.repositoryUrl });
            return undefined;
        };
        const { stack, run } = await stackOf("preview", declare("a"));
        await run();

        const second = await world.stack("preview", () => Promise.resolve(declare("b")()));

        assert.deepEqual((await second.preview()).changeSummary, { update: 1, same: 2 });
        await stack.destroy();
    });

    it("does not delete images and objects unless the program says so", async () => {
        const { ecr, s3 } = context.clients;
        const declare = (force: boolean) => () => ({
            repository: new aws.ecr.Repository("full", { forceDelete: force }).name,
            bucket: new aws.s3.Bucket("full", { forceDestroy: force }).bucket,
        });
        const { stack, run } = await stackOf("full", declare(false));
        const { outputs } = await run();
        const [repositoryName, Bucket] = [outputs.repository?.value as string, outputs.bucket?.value as string];
        await ecr.putImage({ repositoryName, imageManifest: '{"schemaVersion":2}', imageTag: "v1" });
        await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
        for (const Body of ["1", "2"]) await s3.putObject({ Bucket, Key: "object", Body });

        await assert.rejects(stack.destroy(), (error: Error) => {
            assert.match(error.message, /ecr:DeleteRepository failed with RepositoryNotEmptyException|BucketNotEmpty/);
            return true;
        });
        assert.equal((await ecr.describeRepositories({})).repositories?.length, 1);

        await run(declare(true));
        await stack.destroy();
        assert.deepEqual((await ecr.describeRepositories({})).repositories, []);
        assert.deepEqual((await s3.listBuckets({})).Buckets ?? [], []);
    });

    it("records a resource whose creation stopped half way and goes on the next time", async () => {
        const { logs } = context.clients;
        const declare = (retentionInDays: number) => () => {
            new aws.cloudwatch.LogGroup("half", { name: "half", retentionInDays, tags: { team: "a" } });
            return undefined;
        };
        const { stack, run } = await stackOf("half", declare(1.5));
        await assert.rejects(run(), /logs:PutRetentionPolicy retentionInDays 1.5 is not of type integer/);

        const continued = await run(declare(7));

        assert.deepEqual(continued.summary.resourceChanges, { update: 1, same: 1 });
        const [group] = (await logs.describeLogGroups({})).logGroups ?? [];
        assert.equal(group?.retentionInDays, 7);
        await stack.destroy();
        assert.deepEqual((await logs.describeLogGroups({})).logGroups, []);
    });

    it("deletes without complaint what is already gone", async () => {
        const { stack, run } = await stackOf("gone", () => ({
            name: new aws.ecr.Repository("gone", {}).name,
        }));
        const { outputs } = await run();
        await context.clients.ecr.deleteRepository({ repositoryName: outputs.name?.value as string });

        assert.deepEqual((await stack.destroy()).summary.resourceChanges, { delete: 2 });
    });

    it("answers the functions", async () => {
        const { stack, run } = await stackOf("functions", () => {
            const repository = new aws.ecr.Repository("looked-up", { name: "looked-up" });
            const secret = new aws.secretsmanager.Secret("kept", { name: "kept", recoveryWindowInDays: 0 });
            const version = new aws.secretsmanager.SecretVersion("kept", {
                secretId: secret.id,
                secretString: "value",
            });
            return {
                secret: aws.secretsmanager.getSecretVersionOutput({ secretId: version.secretId }).secretString,
                account: aws.getCallerIdentityOutput().accountId,
                partition: aws.getPartitionOutput().partition,
                region: aws.getRegionOutput().region,
                user: aws.ecr.getAuthorizationTokenOutput().userName,
                found: aws.ecr.getRepositoryOutput({ name: repository.name }).arn,
                declared: repository.arn,
                bucket: aws.s3.getBucketOutput({ bucket: new aws.s3.Bucket("looked-up", { bucket: "looked-up" }).id })
                    .arn,
            };
        });

        const { outputs } = await run();

        const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
        const arn = "arn:aws:ecr:eu-central-1:000000000000:repository/looked-up";
        assert.deepEqual(values, {
            account: "000000000000",
            partition: "aws",
            region: "eu-central-1",
            user: "AWS",
            found: arn,
            declared: arn,
            bucket: "arn:aws:s3:::looked-up",
            secret: "value",
        });
        await stack.destroy();
    });

    const refused: { what: string; program: Program; message: RegExp }[] = [
        {
            what: "resource type",
            program: () => ({ topic: new aws.sns.Topic("topic").arn }),
            message: /does not support the resource type aws:sns\/topic:Topic; add it to/,
        },
        {
            what: "property",
            program: () => ({ bucket: new aws.s3.Bucket("acl", { acl: "public-read" }).id }),
            message: /does not support the property acl; it supports bucket, bucketPrefix, forceDestroy/,
        },
        {
            what: "function",
            program: () => ({ zones: aws.getAvailabilityZonesOutput().names }),
            message: /does not support the function aws:index\/getAvailabilityZones:getAvailabilityZones\./,
        },
        {
            what: "Region",
            program: () => ({ bucket: new aws.s3.Bucket("far", { region: "us-east-1" }).id }),
            message: /runs in eu-central-1 only, not in "us-east-1"/,
        },
        {
            what: "provider configuration",
            program: () => ({ provider: new aws.Provider("other", { profile: "production" }).urn }),
            message: /does not support the configuration aws:profile; leave it out/,
        },
    ];
    for (const { what, program, message } of refused) {
        it(`refuses a ${what} that it does not know, in a preview, with one sentence`, async () => {
            const { stack } = await stackOf(`refused-${what.replace(" ", "-")}`, program);

            await assert.rejects(stack.preview(), message);
        });
    }

    it("keeps a secret and replaces its version when the value changes", async () => {
        const { secretsmanager } = context.clients;
        const declare = (value: string) => () => {
            const secret = new aws.secretsmanager.Secret("db", {
                name: "db",
                recoveryWindowInDays: 0,
                tags: { team: "a" },
            });
            const version = new aws.secretsmanager.SecretVersion("db", { secretId: secret.id, secretString: value });
            return { value: version.secretString };
        };
        const { stack, run } = await stackOf("secret", declare("first-s3cr3t"));
        assert.deepEqual((await run()).outputs.value, { value: "first-s3cr3t", secret: true });
        assert.deepEqual((await run()).summary.resourceChanges, { same: 3 });

        const replaced = await run(declare("second-s3cr3t"));

        assert.deepEqual(replaced.summary.resourceChanges, { replace: 1, same: 2 });
        assert.equal((await secretsmanager.getSecretValue({ SecretId: "db" })).SecretString, "second-s3cr3t");
        const state = world.state("secret");
        assert.deepEqual([state.includes("db"), /(first|second)-s3cr3t/.test(state)], [true, false]);
        await stack.destroy();
        await assert.rejects(secretsmanager.describeSecret({ SecretId: "db" }), { name: "ResourceNotFoundException" });
    });
});
