import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { bundleBuildTools, contentKey } from "../../../../infra/build/buildTools";
import { readState, writeState } from "../../../../infra/build/buildTools/buildState";
import { contentTag } from "../../../../infra/image/contentTag";
import { Refusal, type Script, ScriptedAws } from "../../../deploy/scriptedAws";
import { temporaryFolder, writeTree } from "../../temporaryFolder";
import { builtImage } from "./imageStates";

const commit = "a".repeat(40);
const digest = `sha256:${"1".repeat(64)}`;
const mediaType = "application/vnd.oci.image.manifest.v1+json";

describe("the calls of the build tools", () => {
    const folder = temporaryFolder();
    let aws: ScriptedAws;
    let tag: string;
    let source: string;

    before(async () => {
        aws = await ScriptedAws.start("http://127.0.0.1:9");
    });

    beforeEach(() => {
        source = path.join(folder.path, "source");
        const context = writeTree(path.join(source, "api"), { Dockerfile: "FROM scratch\n", file: "1" });
        const dockerfile = path.join(context, "Dockerfile");
        const platforms = ["linux/amd64"];
        tag = contentTag({ context, dockerfile, buildArgs: {}, platforms, rebuildKey: "", compression: "zstd" });
        fs.writeFileSync(path.join(folder.path, "tools.js"), bundleBuildTools().content);
    });

    after(() => aws.stop());

    const images = JSON.stringify([
        {
            name: "api",
            repositoryUrl: "registry/shop/api",
            context: "api",
            dockerfile: "api/Dockerfile",
            buildArgs: {},
            platforms: ["linux/amd64"],
            compression: "zstd",
        },
    ]);
    const imagesKey = contentKey(images, ".json");
    const certificates = "certificates\n";
    const certificatesKey = contentKey(certificates, ".pem");
    /** S3 with what `pulumi up` put there, and with these objects. */
    const bucket =
        (others: Record<string, string | Refusal> = {}): Script =>
        () => {
            const objects = { [imagesKey]: images, [certificatesKey]: certificates, ...others };
            const key = /^\/shop-cache\/([^?]+)/.exec(aws.calls.at(-1)!.path)![1]!;
            return objects[key] ?? new Refusal("NoSuchKey", "It is not there.", 404);
        };

    /** Runs a command of the bundle as CodeBuild does, with AWS's answers. */
    async function run(args: string[], scripts: Record<string, Script>, variables: Record<string, string> = {}) {
        aws.script({ GetObject: bucket(), ...scripts });
        const child = spawn(process.execPath, ["tools.js", ...args], {
            cwd: folder.path,
            env: {
                AWS_ENDPOINT_URL: aws.origin,
                AWS_REGION: "eu-central-1",
                AWS_ACCESS_KEY_ID: "key",
                AWS_SECRET_ACCESS_KEY: "secret",
                AWS_MAX_ATTEMPTS: "1",
                IMAGES_KEY: imagesKey,
                STARTED: "1",
                BRANCH: "main",
                DEFAULT_BRANCH: "main",
                CACHE_MODE: "max",
                BUILD_TOOLS_BUCKET: "shop-cache",
                CODEBUILD_BUILD_ID: "shop:1",
                CODEBUILD_SRC_DIR: source,
                CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
                ...variables,
            },
        });
        const [[status], stdout, stderr] = await Promise.all([
            once(child, "close") as Promise<[number]>,
            text(child.stdout),
            text(child.stderr),
        ]);
        return { status, stdout, stderr };
    }

    const workFolder = () => fs.mkdtempSync(path.join(folder.path, "work-"));
    const image = (imageTag: string) => ({
        imageId: { imageTag, imageDigest: digest },
        imageManifest: "{ }",
        imageManifestMediaType: mediaType,
    });
    const notThere = (imageTag: string) => ({ imageId: { imageTag }, failureCode: "ImageNotFound" });
    const tags = (input: Record<string, unknown>) =>
        (input.imageIds as { imageTag: string }[]).map((id) => id.imageTag);
    /** ECR with images of these tags. */
    const repository =
        (...there: string[]): Script =>
        (input) => ({
            images: there.map(image),
            failures: tags(input)
                .filter((one) => !there.includes(one))
                .map(notThere),
        });
    const BatchGetImage = repository();
    /** Key of the proof of the image. */
    const proof = () => `built/shop/api/${tag}`;
    /** S3 with a proof that names the image. */
    const GetObject: Script = (input, count) => bucket({ [proof()]: digest })(input, count);
    const login: Script = () => ({ authorizationData: [{ authorizationToken: "dG9rZW4=" }] });

    it("adopt an image that is there and proven, and ask for nothing else", async () => {
        const scripts = { BatchGetImage: repository(tag), GetObject };
        const { status, stdout, stderr } = await run(["prepare", workFolder()], scripts);
        assert.deepEqual([status, stderr], [0, ""]);
        assert.equal(stdout, `Building branch main:\n  api is ${tag}\n  api exists: ${digest}\n`);
        assert.deepEqual(
            aws.calls.map(({ operation, path, input }) => [operation, path.split("?")[0], input.repositoryName]),
            [
                ["GetObject", `/shop-cache/${imagesKey}`, undefined],
                ["BatchGetImage", "/", "shop/api"],
                ["GetObject", `/shop-cache/${proof()}`, undefined],
            ],
        );
    });

    const at = () => `s3://shop-cache/${proof()}`;
    const notAdopted: [what: string, object: string | Refusal, why: () => string][] = [
        [
            "without a proof",
            new Refusal("NoSuchKey", "The specified key does not exist.", 404),
            () => `nothing at ${at()} proves that this project built it (NoSuchKey: The specified key does not exist.)`,
        ],
        [
            "without a proof, where S3 says no more than that access is denied",
            new Refusal("AccessDenied", "Access Denied", 403),
            () => `nothing at ${at()} proves that this project built it (AccessDenied: Access Denied)`,
        ],
        ["whose proof names another one", "d2", () => `by ${at()}, this project built d2, and the tag has moved since`],
    ];
    for (const [what, object, why] of notAdopted) {
        it(`build an image ${what}, and say why`, async () => {
            const GetObject = bucket({ [proof()]: object });
            const scripts = { BatchGetImage: repository(tag), GetObject, GetAuthorizationToken: login };
            const { status, stdout, stderr } = await run(["prepare", workFolder()], scripts);
            assert.deepEqual([status, stderr], [0, ""]);
            assert.deepEqual(stdout.split("\n").slice(2, 4), [
                `  ${tag} is there, and is not adopted: ${why()}.`,
                "  api has to be built",
            ]);
        });
    }

    it("prove what was built by the digest that the builder told, and give that the commit's tag, wherever its tag is by then", async () => {
        const work = workFolder();
        await run(["prepare", work], { BatchGetImage: repository(), GetAuthorizationToken: login });
        const state = readState(work);
        state.images[0]!.built = { amd64: builtImage(digest) };
        writeState(work, state);
        const { status, stderr } = await run(["finish", work, "artifacts"], {
            BatchGetImage: () => ({
                images: [{ ...image(tag), imageId: { imageDigest: digest } }],
                failures: [notThere(`git-${commit}`)],
            }),
            PutImage: () => ({}),
            PutObject: () => ({}),
        });
        assert.deepEqual([status, stderr], [0, ""]);
        assert.deepEqual(aws.inputsOf("BatchGetImage")[0]!.imageIds, [
            { imageDigest: digest },
            { imageTag: `git-${commit}` },
        ]);
        assert.equal(aws.inputsOf("PutImage")[0]!.imageDigest, digest);
        const proofs = aws.calls.filter(({ operation }) => operation === "PutObject");
        const written = proofs.map(({ path, input }) => [path, input.text]);
        assert.deepEqual(written, [[`/shop-cache/${proof()}?x-id=PutObject`, digest]]);
    });

    it("prepare a build: caches are named, login and secrets written for their user alone", async () => {
        const work = workFolder();
        const { status, stdout, stderr } = await run(
            ["prepare", work],
            {
                BatchGetImage: repository("cache-main-amd64"),
                GetAuthorizationToken: login,
                GetSecretValue: () => ({ Name: "shop/npm", SecretString: "value\n" }),
            },
            {
                BUILD_SECRETS: '{"npm":"shop/npm"}',
                CA_CERTIFICATES_KEY: certificatesKey,
                DOCKER_CONFIG: "/root/own",
            },
        );
        assert.deepEqual([status, stderr], [0, ""]);
        assert.deepEqual(stdout.trimEnd().split("\n").slice(2), [
            "  api has to be built",
            "  Cache registry/shop/api:cache-main-amd64 is there.",
        ]);
        const read = (file: string) => fs.readFileSync(path.join(work, file), "utf8");
        assert.deepEqual(JSON.parse(read("docker/config.json")), {
            auths: { registry: { auth: "dG9rZW4=" } },
            cliPluginsExtraDirs: ["/root/own/cli-plugins"],
        });
        assert.equal(read("secret-files/npm"), "value\n");
        assert.equal(read("secret-files/ca"), certificates);
        for (const file of ["docker/config.json", "secret-files/npm", "secret-files/ca"]) {
            assert.equal(fs.statSync(path.join(work, file)).mode & 0o777, 0o600);
        }
    });

    it("give an adopted image the commit's tag with its own bytes, and leave artifacts", async () => {
        const work = workFolder();
        await run(["prepare", work], { BatchGetImage: repository(tag), GetObject });
        const { status, stderr } = await run(["finish", work, "artifacts"], { PutImage: () => ({}) });
        assert.deepEqual([status, stderr], [0, ""]);
        assert.deepEqual(aws.inputsOf("PutImage"), [
            {
                repositoryName: "shop/api",
                imageTag: `git-${commit}`,
                imageDigest: digest,
                imageManifest: "{ }",
                imageManifestMediaType: mediaType,
            },
        ]);
        assert.deepEqual(aws.inputsOf("BatchGetImage"), []);
        const read = (file: string) => fs.readFileSync(file, "utf8");
        assert.equal(read(path.join(work, "exports")), `registry/shop/api@${digest}\n${digest}\n${tag}\n1.00\n`);
        assert.deepEqual(JSON.parse(read(path.join(folder.path, "artifacts/imageDetail.json"))), {
            ImageURI: `registry/shop/api@${digest}`,
        });
    });

    it("remember what they found, and when the build began", async () => {
        const work = workFolder();
        await run(["prepare", work], { BatchGetImage: repository(tag), GetObject });
        const { images, marks } = readState(work);
        assert.deepEqual(marks, [{ phase: "lookup", time: 1 }]);
        assert.deepEqual(
            images.map(({ plan, answer, digests, built }) => [plan.tag, answer.images, digests, built]),
            [[tag, [image(tag)], { [tag]: digest }, {}]],
        );
    });

    const others: [what: string, variables: Record<string, string>, key: string][] = [
        ["the definitions of the images", {}, imagesKey],
        ["certificates that build steps trust", { CA_CERTIFICATES_KEY: certificatesKey }, certificatesKey],
    ];
    for (const [what, variables, key] of others) {
        it(`end with one sentence where somebody else wrote ${what}`, async () => {
            const scripts = { GetObject: bucket({ [key]: "others" }), BatchGetImage, GetAuthorizationToken: login };
            const { status, stderr } = await run(["prepare", workFolder()], scripts, variables);
            const sentence = `s3://shop-cache/${key} is damaged; delete it and run \`pulumi up --refresh\`, which puts it back.\n`;
            assert.deepEqual([status, stderr], [1, sentence]);
        });
    }

    for (const code of ["ImageTagAlreadyExistsException", "ImageAlreadyExistsException"]) {
        it(`leave a commit's tag to the build that was first: ${code}`, async () => {
            const work = workFolder();
            await run(["prepare", work], { BatchGetImage: repository(tag), GetObject });
            const PutImage = () => new Refusal(code, "It is there.");
            const { status, stdout } = await run(["finish", work, "artifacts"], { PutImage });
            assert.deepEqual([status, stdout.split("\n")[0]], [0, `Another build has set git-${commit} already.`]);
        });
    }

    const denied = (call: string) =>
        new Refusal(
            "AccessDeniedException",
            `User: arn:aws:sts::1:assumed-role/build is not authorized to perform: ${call}`,
        );
    const refused: [scripts: Record<string, Script>, message: string][] = [
        [
            { BatchGetImage: () => denied("ecr:BatchGetImage") },
            "ecr:BatchGetImage failed: User: arn:aws:sts::1:assumed-role/build is not authorized to perform: ecr:BatchGetImage",
        ],
        [
            { BatchGetImage, GetAuthorizationToken: () => denied("ecr:GetAuthorizationToken") },
            "ecr:GetAuthorizationToken failed: User: arn:aws:sts::1:assumed-role/build is not authorized to perform: ecr:GetAuthorizationToken",
        ],
        [{ BatchGetImage, GetAuthorizationToken: () => ({}) }, "ECR gave no login."],
        [
            {
                BatchGetImage: (input) => repository(tag)(input, 0),
                GetObject: (input, count) => bucket({ [proof()]: new Refusal("SlowDown", "Slow.", 503) })(input, count),
            },
            "s3:GetObject failed: Slow.",
        ],
        [
            { BatchGetImage, GetAuthorizationToken: login, GetSecretValue: () => ({ SecretBinary: "AA==" }) },
            "The secret shop/npm holds bytes; a text is needed.",
        ],
    ];
    for (const [scripts, message] of refused) {
        it(`end with one sentence: ${message}`, async () => {
            const variables = { BUILD_SECRETS: '{"npm":"shop/npm"}' };
            const { status, stderr } = await run(["prepare", workFolder()], scripts, variables);
            assert.deepEqual([status, stderr], [1, `${message}\n`]);
        });
    }
});
