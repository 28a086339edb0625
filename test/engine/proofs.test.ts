import assert from "node:assert/strict";
import { BatchGetImageCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { policyDocument } from "../../infra/aws/policyDocument";
import { proofKey } from "../../infra/plan/proofKey";
import { releaseStatements } from "../../infra/release/releaseStatements";
import type { UpResult } from "../../local/world/stack";
import { readAccessLog } from "../support/accessLog";
import { awsClients, engineWorld, type EngineWorld, type TestStack } from "../support/engineWorld";
import { openPinned, registryDigest, repositoryOf } from "../support/pinnedStack";
import { type Run, runProject } from "./projectRun";

describe("what a build adopts", function () {
    this.timeout(300_000);
    let engine: EngineWorld;
    let stack: TestStack;
    let up: UpResult;
    let outputs: Record<string, string>;
    /** Job of another environment: it may record releases, and so tag images of the repository. */
    let other: { ecr: ECRClient; s3: S3Client };

    before(async () => {
        engine = await engineWorld();
        const { region, accountId } = engine.world;
        stack = await openPinned(engine, "proofs", {
            source: {
                type: "GITHUB",
                location: "https://github.com/example/app.git",
                connectionArn: `arn:aws:codeconnections:${region}:${accountId}:connection/1`,
                webhooks: true,
            },
        });
        up = await stack.up();
        outputs = up.outputs as Record<string, string>;
        other = await assumeDeployRole();
    });

    /** Makes the clients of a role with the permissions of every deploy. */
    async function assumeDeployRole() {
        const { region, accountId, endpoint, accessKeyId, secretAccessKey } = engine.world;
        const settings = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
        const { iam } = awsClients(engine);
        const RoleName = "proofs-deploy";
        const trusted = [{ Sid: "Trust", Action: "sts:AssumeRole", Principal: { AWS: accountId } }];
        await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policyDocument(trusted) }));
        const statements = releaseStatements({
            parameterArn: `arn:aws:ssm:${region}:${accountId}:parameter/shop/config/image-tag`,
            repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/${repositoryOf(up)}`,
        });
        const PolicyDocument = policyDocument(statements);
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "deploy", PolicyDocument }));
        const assume = { RoleArn: `arn:aws:iam::${accountId}:role/${RoleName}`, RoleSessionName: "job" };
        const { Credentials } = await new STSClient(settings).send(new AssumeRoleCommand(assume));
        const credentials = {
            accessKeyId: Credentials!.AccessKeyId!,
            secretAccessKey: Credentials!.SecretAccessKey!,
            sessionToken: Credentials!.SessionToken,
        };
        return {
            ecr: new ECRClient({ endpoint, region, credentials }),
            s3: new S3Client({ endpoint, region, credentials, forcePathStyle: true }),
        };
    }

    const source = (code: number, requirements = 1) => ({
        "proofs/app/main.py": `print(${code})\n`,
        "proofs/requirements.txt": `one==${requirements}\n`,
    });
    const build = (changed: Record<string, string> = {}): Promise<Run> => runProject(engine, outputs, { changed });
    /** Runs the build of a pull request, which pushes nothing and prints the tags. */
    const propose = (changed: Record<string, string>): Promise<Run> =>
        runProject(engine, outputs, {
            projectName: outputs.pullRequestProjectName,
            webhook: { event: "pull_request", head: "feature", base: "main" },
            changed,
        });
    const tagIn = ({ log }: Run, kind: "src" | "deps") => new RegExp(`is (${kind}-[0-9a-f]{40})`).exec(log)![1]!;

    /** Gives the image of `pulumi up` another tag, as any job may that tags releases. */
    async function moveTag(imageTag: string): Promise<void> {
        const repositoryName = repositoryOf(up);
        const imageIds = [{ imageDigest: outputs.imageDigest! }];
        const { images } = await other.ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
        const { imageManifest, imageManifestMediaType } = images![0]!;
        await other.ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest, imageManifestMediaType }));
        assert.equal(await registryDigest(engine, up, imageTag), outputs.imageDigest);
    }

    const proofOf = (tag: string) => ({
        Bucket: outputs.cacheBucketName!,
        Key: proofKey(repositoryOf(up), tag),
    });
    async function proof(tag: string): Promise<string> {
        const { Body } = await awsClients(engine).s3.send(new GetObjectCommand(proofOf(tag)));
        return Body!.transformToString();
    }

    it("is what `pulumi up` proved: image and pinned stage", async () => {
        assert.equal(await proof(outputs.imageTag!), outputs.imageDigest);
        const since = (await readAccessLog()).length;
        const run = await build();
        assert.ok(run.succeeded, run.log);
        const requests = (await readAccessLog()).slice(since);
        const { Bucket, Key } = proofOf(outputs.imageTag!);
        // The stage is not asked for: the image has it.
        assert.deepEqual(
            requests.filter(({ resource }) => resource.includes("/built/")).map(({ resource }) => resource),
            [`arn:aws:s3:::${Bucket}/${Key}`],
        );
        console.log(`        requests of the build: ${requests.map(({ action }) => action).join(", ")}`);
        assert.deepEqual([run.build.builderStarted, run.exported.IMAGE_DIGEST], [false, outputs.imageDigest], run.log);
        const deps = tagIn(run, "deps");
        assert.equal(await proof(deps), await registryDigest(engine, up, deps));
    });

    it("is no image that another principal pushed under the content tag before: it is built, and then adopted", async () => {
        const tag = tagIn(await propose(source(2)), "src");
        await moveTag(tag);
        // WHEN
        const run = await build(source(2));
        // THEN
        assert.ok(run.succeeded, run.log);
        assert.match(run.log, new RegExp(`${tag} is there, and is not adopted: nothing at s3://`));
        assert.equal(run.metrics.ImagesBuilt, 1, run.log);
        assert.notEqual(run.exported.IMAGE_DIGEST, outputs.imageDigest);
        assert.equal(await registryDigest(engine, up, tag), run.exported.IMAGE_DIGEST);
        assert.equal(await proof(tag), run.exported.IMAGE_DIGEST);
        const again = await build(source(2));
        assert.equal(again.build.builderStarted, false, again.log);
        assert.equal(again.exported.IMAGE_DIGEST, run.exported.IMAGE_DIGEST);
    });

    it("is no image that the tag was moved to later, neither for a pull request", async () => {
        const before = await build(source(3));
        assert.ok(before.succeeded, before.log);
        const tag = before.exported.IMAGE_TAG!;
        await moveTag(tag);
        const why = new RegExp(
            `${tag} is there, and is not adopted: by s3://\\S+, this project built ${before.exported.IMAGE_DIGEST}`,
        );
        const proposed = await propose(source(3));
        assert.ok(proposed.succeeded, proposed.log);
        assert.match(proposed.log, why);
        assert.deepEqual([proposed.build.builderStarted, proposed.exported.IMAGE_DIGEST], [true, ""], proposed.log);
        const run = await build(source(3));
        assert.ok(run.succeeded, run.log);
        assert.match(run.log, why);
        assert.notEqual(run.exported.IMAGE_DIGEST, outputs.imageDigest);
        assert.equal(await registryDigest(engine, up, tag), run.exported.IMAGE_DIGEST);
    });

    it("is no pinned stage that another principal pushed under the content tag", async () => {
        const tag = tagIn(await propose(source(4, 2)), "deps");
        await moveTag(tag);
        // WHEN a pull request builds it THEN the image's own build makes the stage
        const proposed = await propose(source(4, 2));
        assert.ok(proposed.succeeded, proposed.log);
        assert.match(proposed.log, new RegExp(`${tag} is there, and is not adopted`));
        assert.equal(proposed.metrics.StepsRun, 3, proposed.log);
        // WHEN a build does THEN the stage is built, and taken by the next image
        const run = await build(source(4, 2));
        assert.ok(run.succeeded, run.log);
        assert.match(run.log, /Building stage deps of app for amd64/);
        const digest = await registryDigest(engine, up, tag);
        assert.notEqual(digest, outputs.imageDigest);
        assert.equal(await proof(tag), digest);
        const next = await build(source(5, 2));
        assert.ok(next.succeeded, next.log);
        assert.doesNotMatch(next.log, /Building stage deps of/);
    });

    it("is a stage that was built, also where the image after it could not be", async () => {
        const broken = {
            "proofs/Dockerfile": "FROM scratch AS deps\nCOPY requirements.txt /\nFROM deps\nCOPY nothing /\n",
        };
        const run = await build({ ...source(6, 3), ...broken });
        assert.equal(run.succeeded, false, run.log);
        const tag = tagIn(run, "deps");
        assert.equal(await proof(tag), await registryDigest(engine, up, tag));
    });

    it("is for a pull request the same, which then starts no builder", async () => {
        const run = await propose(source(2));
        assert.ok(run.succeeded, run.log);
        assert.equal(run.build.builderStarted, false, run.log);
        assert.equal(run.exported.IMAGE_DIGEST, await proof(run.exported.IMAGE_TAG!));
    });

    it("cannot be proven by a job that deploys", async () => {
        await assert.rejects(other.s3.send(new PutObjectCommand({ ...proofOf("src-1"), Body: "sha256:1" })), {
            name: "AccessDenied",
        });
    });

    it("is proven by the last writer: what a build writes is no difference to `pulumi up`, not even after a refresh", async () => {
        // GIVEN a proof that is gone, as those are that have expired, and that a build writes again
        await awsClients(engine).s3.send(new DeleteObjectCommand(proofOf(outputs.imageTag!)));
        const run = await build();
        assert.ok(run.succeeded, run.log);
        assert.equal(run.build.builderStarted, true, run.log);
        assert.equal(await proof(outputs.imageTag!), run.exported.IMAGE_DIGEST);
        // THEN
        const { same: count, ...changes } = await stack.preview();
        assert.deepEqual(changes, {});
        await stack.refresh();
        assert.deepEqual(await stack.preview(), { same: count });
        const adopted = await build();
        assert.equal(adopted.build.builderStarted, false, adopted.log);
    });
});
