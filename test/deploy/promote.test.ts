import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
    BatchGetImageCommand,
    CreateRepositoryCommand,
    DeleteRepositoryCommand,
    DescribeImagesCommand,
    type ECRClient,
    PutImageCommand,
} from "@aws-sdk/client-ecr";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { deployPolicy, type PromotionScope, promotionStatements } from "../../infra/delivery";
import { writeRegistryLogin } from "../../local/base-images/registry";
import { toolsDirectory } from "../../local/paths";
import { digestOf, manifestType, RegistryClient } from "../local/gateway/registryClient";
import { policy, registryToken } from "../local/gateway/world";
import { pushRealImage } from "./pushRealImage";
import {
    cacheBucketName,
    type DeployWorld,
    parameterName,
    repositoryName,
    run,
    runWithLibrary,
    startDeployWorld,
} from "./deployWorld";

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:000000000000:${resource}`;
const production = { parameterName: "/shop/prod/config/image-tag", repositoryName: "shop-prod" };
const fromArn = arn("ecr", `repository/${repositoryName}`);
const toArn = arn("ecr", `repository/${production.repositoryName}`);
const session = "arn:aws:sts::000000000000:assumed-role/promotion/session";
const parameterArn = arn("ssm", `parameter${parameterName}`);
const proofs = { bucketArn: `arn:aws:s3:::${cacheBucketName}` };

describe("deploy/promote.sh, under the declared deploy role of the environment that receives", function () {
    this.timeout(120_000);
    let world: DeployWorld;
    let folder: string;
    let credentials: Record<string, string>;
    /** ECR, asked under that role. */
    let ecr: ECRClient;
    /** Digests of the images that dev has, in the order of its releases; the last one was never released. */
    const digests = { first: "", second: "", untagged: "", unproven: "", moved: "", last: "", unreleased: "" };
    let to: string;

    before(async () => {
        world = await startDeployWorld();
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "promote-"));
        to = world.repositoryUrl.replace(repositoryName, production.repositoryName);
        await world.admin.ecr.send(new CreateRepositoryCommand({ repositoryName: production.repositoryName }));
        const registry = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
        for (const name of Object.keys(digests) as (keyof typeof digests)[]) {
            digests[name] = await pushRealImage(registry, name);
        }
        // GIVEN what `pulumi up` wrote, proofs of builds, and releases
        await world.putParameter(`${world.repositoryUrl}@${digests.first}`);
        for (const name of ["first", "second", "last", "unreleased"] as const) {
            await world.prove(`src-${name}`, digests[name]);
        }
        await world.prove("src-moved", digests.first);
        for (const name of ["first", "second", "untagged", "unproven", "moved", "last"] as const) {
            await releaseIn(world, digests[name]);
        }
        const Name = production.parameterName;
        await world.admin.ssm.send(new PutParameterCommand({ Name, Type: "String", Value: "none" }));
        const { sts, ...clients } = await world.assumeRole(
            "promotion",
            declared({ parameterArn, proofs, copy: { fromArn, toArn } }),
        );
        const { accessKeyId, secretAccessKey, sessionToken = "" } = await sts.config.credentials();
        credentials = {
            AWS_ACCESS_KEY_ID: accessKeyId,
            AWS_SECRET_ACCESS_KEY: secretAccessKey,
            AWS_SESSION_TOKEN: sessionToken,
        };
        ecr = clients.ecr;
        await writeRegistryLogin(ecr, new URL(world.gateway.origin).host, folder);
    });
    after(async () => {
        fs.rmSync(folder, { recursive: true });
        await world.stop();
    });

    /** Gives the role exactly what a stack declares for another promotion. */
    const allow = async (promotion?: PromotionScope, repositoryArn?: string) => {
        await put(declared(promotion, repositoryArn));
    };
    const put = async (statements: object[]) => {
        const PolicyDocument = policy(statements);
        await world.admin.iam.send(
            new PutRolePolicyCommand({ RoleName: "promotion", PolicyName: "inline", PolicyDocument }),
        );
    };
    const promote = (...args: string[]) =>
        run(["deploy/promote.sh", "--from", parameterName, ...args], {
            ...world.environment,
            PATH: `${world.environment.PATH}:${path.join(toolsDirectory, "bin")}`,
            DOCKER_CONFIG: folder,
            BUILDX_CONFIG: path.join(folder, "buildx"),
            ...credentials,
        });
    /** What production's repository has: tags by digest. */
    const copies = async () => {
        const describe = new DescribeImagesCommand({ repositoryName: production.repositoryName });
        const { imageDetails = [] } = await world.admin.ecr.send(describe);
        return Object.fromEntries(imageDetails.map(({ imageDigest = "", imageTags }) => [imageDigest, imageTags]));
    };

    it("prints the image of a release, the last one unless another is named", async () => {
        for (const [args, name] of [
            [[], "last"],
            [["--image", digests.first], "first"],
        ] as const) {
            const { code, stdout, stderr } = await promote(...args);
            assert.deepEqual([code, stdout, stderr], [0, `${world.repositoryUrl}@${digests[name]}\n`, ""]);
        }
    });

    it("copies nothing that was never released, unless told so", async () => {
        const { code, stdout, stderr } = await promote("--image", digests.unreleased, "--to", to);
        assert.deepEqual(
            [code, stdout, stderr],
            [
                1,
                "",
                `error: ${parameterName} never released ${digests.unreleased}; promote one that it did, or give --unreleased.\n`,
            ],
        );
        assert.deepEqual(await copies(), {});
        const told = await promote("--image", digests.unreleased, "--to", to, "--unreleased");
        assert.deepEqual([told.code, told.stdout, told.stderr], [0, `${to}@${digests.unreleased}\n`, ""]);
        assert.deepEqual(await copies(), { [digests.unreleased]: ["src-unreleased"] });
        await emptyCopies();
    });

    it("copies a release to another repository with its digest, its layers and its content tag", async () => {
        const { code, stdout, stderr } = await promote("--image", digests.second, "--to", to);
        assert.deepEqual([code, stdout, stderr], [0, `${to}@${digests.second}\n`, ""]);
        assert.deepEqual(await copies(), { [digests.second]: ["src-second"] });
        // AND it can be pulled from there
        const registry = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
        const pulled = await registry.request("GET", `${production.repositoryName}/manifests/${digests.second}`);
        const text = await pulled.text();
        assert.equal(digestOf(text), digests.second);
        const { layers } = JSON.parse(text) as { layers: { digest: string }[] };
        const layer = await registry.request("GET", `${production.repositoryName}/blobs/${layers[0]!.digest}`);
        assert.deepEqual([layer.status, await layer.text()], [200, "layer of second"]);
    });

    it("copies an image of several platforms as one, with the manifests that it names", async () => {
        const registry = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
        const manifests = await Promise.all(
            (["first", "second"] as const).map(async (name, index) => {
                const stored = await registry.request("GET", `${repositoryName}/manifests/${digests[name]}`);
                const platform = { os: "linux", architecture: ["amd64", "arm64"][index] };
                const size = (await stored.text()).length;
                return { mediaType: manifestType, digest: digests[name], size, platform };
            }),
        );
        const mediaType = "application/vnd.oci.image.index.v1+json";
        const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
        const headers = { "content-type": mediaType };
        await registry.request("PUT", `${repositoryName}/manifests/src-both`, { body, headers });
        await world.prove("src-both", digestOf(body));
        const { code, stdout, stderr } = await promote("--image", digestOf(body), "--to", to, "--unreleased");
        assert.deepEqual([code, stdout, stderr], [0, `${to}@${digestOf(body)}\n`, ""]);
        const copied = await copies();
        assert.deepEqual(copied[digestOf(body)], ["src-both"]);
        assert.ok(digests.first in copied && digests.second in copied);
        await emptyCopies();
        assert.equal((await promote("--image", digests.second, "--to", to)).code, 0);
    });

    it("copies nothing that is there already", async () => {
        const before = await copies();
        const logged = world.log().length;
        const { code, stdout } = await promote("--image", digests.second, "--to", to);
        assert.deepEqual([code, stdout, await copies()], [0, `${to}@${digests.second}\n`, before]);
        const actions = world.log().slice(logged);
        assert.deepEqual(
            actions.filter(({ action }) => action === "ecr:PutImage"),
            [],
        );
    });

    const advice =
        "promote an image that its builds or updates made, with a role that may read their proofs (ci.promoteFrom.bucketName of its stack).";
    const proof = (tag: string) => `s3://${cacheBucketName}/built/${repositoryName}/${tag}`;
    const unproven: [what: string, image: keyof typeof digests, reason: () => string][] = [
        ["has no content tag", "untagged", () => "it has no tag src-…"],
        [
            "has no proof",
            "unproven",
            () =>
                `${proof("src-unproven")}: An error occurred (NoSuchKey) when calling the GetObject operation: ` +
                "The specified key does not exist. ",
        ],
        ["was given a content tag of another one", "moved", () => `${proof("src-moved")} names ${digests.first}`],
    ];
    for (const [what, name, reason] of unproven) {
        it(`promotes no image that ${what}, released or not`, async () => {
            const before = await copies();
            for (const more of [[], ["--unreleased"], ["--to", to]]) {
                const { code, stdout, stderr } = await promote("--image", digests[name], ...more);
                const image = `${world.repositoryUrl}@${digests[name]}`;
                const error = `error: nothing proves that ${image} was built there: ${reason()}; ${advice}\n`;
                assert.deepEqual([code, stdout, stderr], [1, "", error]);
            }
            assert.deepEqual(await copies(), before);
        });
    }

    it("promotes an image by the content tag that a proof is about, whatever others it was given", async () => {
        const { ecr } = world.admin;
        const id = { repositoryName, imageIds: [{ imageDigest: digests.last }] };
        const { images = [] } = await ecr.send(new BatchGetImageCommand(id));
        const { imageManifest, imageManifestMediaType } = images[0]!;
        const put = { repositoryName, imageManifest, imageManifestMediaType, imageTag: "src-another" };
        await ecr.send(new PutImageCommand(put));
        const { code, stdout, stderr } = await promote("--to", to);
        assert.deepEqual([code, stdout, stderr], [0, `${to}@${digests.last}\n`, ""]);
        assert.deepEqual((await copies())[digests.last], ["src-last"]);
    });

    it("asks for the bucket, where the environment that it is run with names none", async () => {
        const { CACHE_BUCKET_NAME: _, ...environment } = world.environment;
        const { code, stdout, stderr } = await run(["deploy/promote.sh", "--from", parameterName], environment);
        assert.deepEqual(
            [code, stdout, stderr],
            [
                1,
                "",
                "error: not set: CACHE_BUCKET_NAME; they are lines of the stack's output deployEnv (pulumi stack output deployEnv).\n",
            ],
        );
    });

    const refused: [what: string, declared: () => Promise<void>, args: () => string[], error: () => string][] = [
        [
            "the releases of an environment that its stack does not name",
            () => allow(undefined, fromArn),
            () => [],
            () =>
                "An error occurred (AccessDeniedException) when calling the GetParameter operation: " +
                `User: ${session} is not authorized to perform: ` +
                `ssm:GetParameter on resource: ${parameterArn} because no identity-based policy allows the ssm:GetParameter action `,
        ],
        [
            "images of a repository that its stack does not name",
            () => allow({ parameterArn, proofs }),
            () => [],
            () =>
                "An error occurred (AccessDeniedException) when calling the DescribeImages operation: " +
                // AWS names the repository as well.
                `User: ${session} is not authorized to perform: ecr:DescribeImages because no identity-based policy allows the ecr:DescribeImages action `,
        ],
        [
            "proofs of a bucket that its stack does not name",
            () => allow({ parameterArn, copy: { fromArn, toArn } }),
            () => [],
            () =>
                `nothing proves that ${world.repositoryUrl}@${digests.last} was built there: ${proof("src-another")}: ` +
                `An error occurred (AccessDenied) when calling the GetObject operation: User: ${session} is not authorized to perform: ` +
                `s3:GetObject on resource: "${proofs.bucketArn}/built/${repositoryName}/src-another" because no identity-based ` +
                `policy allows the s3:GetObject action ; ${advice}`,
        ],
        [
            "layers for a repository that it may not push to",
            () => allow({ parameterArn, proofs, copy: { fromArn, toArn: arn("ecr", "repository/other") } }),
            () => ["--image", digests.first, "--to", to],
            () => {
                const image = `${world.repositoryUrl}@${digests.first}`;
                return (
                    `${session} may not copy ${image}: it needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on ` +
                    `${world.repositoryUrl}, and ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ` +
                    `ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage on ${to} (ci.promoteFrom of its ` +
                    `stack); copy ${digests.first} from ${image} to ${to}:src-first: unexpected status from HEAD ` +
                    `request to http://${to.replace("/", "/v2/")}/blobs/<digest>: 403 Forbidden`
                );
            },
        ],
    ];
    for (const [what, declare, args, error] of refused) {
        it(`is refused ${what}, in one sentence`, async () => {
            await declare();
            const before = await copies();
            const { code, stdout, stderr } = await promote(...args());
            // Layers are copied side by side; any may be the first to be refused.
            const sentence = stderr.replace(/blobs\/sha256:[0-9a-f]{64}/, "blobs/<digest>");
            assert.deepEqual([code, stdout, sentence], [1, "", `error: ${error()}\n`]);
            assert.deepEqual(await copies(), before);
        });
    }

    it("needs each action that its stack declares for it", async () => {
        const statements = promotionStatements({ parameterArn, proofs, copy: { fromArn, toArn } });
        const needless: string[] = [];
        for (const { Sid, Action } of statements) {
            for (const action of [Action].flat()) {
                await emptyCopies();
                const others = statements.map((one) => ({
                    ...one,
                    Effect: "Allow",
                    Action: [one.Action].flat().filter((other) => one.Sid !== Sid || other !== action),
                }));
                await put([...declared(), ...others.filter((one) => one.Action.length > 0)]);
                const login = await writeRegistryLogin(ecr, new URL(world.gateway.origin).host, folder).catch(
                    (error: Error) => error,
                );
                const { code } = await promote("--image", digests.first, "--to", to);
                if (code === 0 && login === undefined) needless.push(`${Sid} ${action}`);
            }
        }
        // The gateway takes a layer's upload in one request for its completion; ECR wants both permissions.
        assert.deepEqual(needless, ["CopyLayers ecr:UploadLayerPart"]);
    });

    /** A repository of the same name, without layers either. */
    async function emptyCopies(): Promise<void> {
        const name = { repositoryName: production.repositoryName };
        await world.admin.ecr.send(new DeleteRepositoryCommand({ ...name, force: true }));
        await world.admin.ecr.send(new CreateRepositoryCommand(name));
    }
});

/** The statements of production's deploy role. */
function declared(promotion?: PromotionScope, repositoryArn = toArn): object[] {
    const release = { parameterArn: arn("ssm", `parameter${production.parameterName}`), repositoryArn };
    return (JSON.parse(deployPolicy({ release, promotion })) as { Statement: object[] }).Statement;
}

/** Records a release in dev, as its deploys do. */
async function releaseIn(world: DeployWorld, digest: string): Promise<void> {
    const record = `use_image ${digest}; require_image; begin_release; record_release`;
    const { code, stderr } = await runWithLibrary(record, world.environment);
    assert.deepEqual([code, stderr], [0, ""]);
}
