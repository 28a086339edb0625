import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { readState } from "../../../infra/buildTools/buildState";
import { Refusal, type Script } from "../../deploy/scriptedAws";
import {
    BundledTools,
    certificates,
    certificatesKey,
    commit,
    digest,
    found,
    imagesKey,
    login,
    mediaType,
    repository,
} from "./bundledTools";

describe("the calls of the build tools", () => {
    const tools = new BundledTools();
    const BatchGetImage = repository();
    /** Answers as S3 with a proof that names the image. */
    const GetObject: Script = (input, count) => tools.bucket({ [tools.proof]: digest })(input, count);

    it("adopt an image that is there and proven, and ask for nothing else", async () => {
        const scripts = { BatchGetImage: repository(tools.tag), GetObject };
        const { status, stdout, stderr } = await tools.run(["prepare", tools.workFolder()], scripts);
        assert.deepEqual([status, stderr], [0, ""]);
        assert.equal(stdout, `Building branch main:\n  api is ${tools.tag}\n  api exists: ${digest}\n`);
        assert.deepEqual(
            tools.aws.calls.map(({ operation, path, input }) => [operation, path.split("?")[0], input.repositoryName]),
            [
                ["GetObject", `/shop-cache/${imagesKey}`, undefined],
                ["BatchGetImage", "/", "shop/api"],
                ["GetObject", `/shop-cache/${tools.proof}`, undefined],
            ],
        );
    });

    it("prepare a build: caches are named, login and secrets written for their user alone", async () => {
        const work = tools.workFolder();
        const { status, stdout, stderr } = await tools.run(
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
        const work = tools.workFolder();
        await tools.run(["prepare", work], { BatchGetImage: repository(tools.tag), GetObject });
        const { status, stderr } = await tools.run(["finish", work, "artifacts"], { PutImage: () => ({}) });
        assert.deepEqual([status, stderr], [0, ""]);
        assert.deepEqual(tools.aws.inputsOf("PutImage"), [
            {
                repositoryName: "shop/api",
                imageTag: `git-${commit}`,
                imageDigest: digest,
                imageManifest: "{ }",
                imageManifestMediaType: mediaType,
            },
        ]);
        assert.deepEqual(tools.aws.inputsOf("BatchGetImage"), []);
        const read = (file: string) => fs.readFileSync(file, "utf8");
        assert.equal(read(path.join(work, "exports")), `registry/shop/api@${digest}\n${digest}\n${tools.tag}\n1.00\n`);
        assert.deepEqual(JSON.parse(read(path.join(tools.path, "artifacts/imageDetail.json"))), {
            ImageURI: `registry/shop/api@${digest}`,
        });
    });

    it("remember what they found, and when the build began", async () => {
        const work = tools.workFolder();
        await tools.run(["prepare", work], { BatchGetImage: repository(tools.tag), GetObject });
        const { images, marks } = readState(work);
        assert.deepEqual(marks, [{ phase: "lookup", time: 1 }]);
        assert.deepEqual(
            images.map(({ plan, answer, digests, built }) => [plan.tag, answer.images, digests, built]),
            [[tools.tag, [found(tools.tag)], { [tools.tag]: digest }, {}]],
        );
    });

    const others: [what: string, variables: Record<string, string>, key: string][] = [
        ["the definitions of the images", {}, imagesKey],
        ["certificates that build steps trust", { CA_CERTIFICATES_KEY: certificatesKey }, certificatesKey],
    ];
    for (const [what, variables, key] of others) {
        it(`end with one sentence where somebody else wrote ${what}`, async () => {
            const scripts = {
                GetObject: tools.bucket({ [key]: "others" }),
                BatchGetImage,
                GetAuthorizationToken: login,
            };
            const { status, stderr } = await tools.run(["prepare", tools.workFolder()], scripts, variables);
            const sentence = `s3://shop-cache/${key} is damaged; delete it and run \`pulumi up --refresh\`, which puts it back.\n`;
            assert.deepEqual([status, stderr], [1, sentence]);
        });
    }

    for (const code of ["ImageTagAlreadyExistsException", "ImageAlreadyExistsException"]) {
        it(`leave a commit's tag to the build that was first: ${code}`, async () => {
            const work = tools.workFolder();
            await tools.run(["prepare", work], { BatchGetImage: repository(tools.tag), GetObject });
            const PutImage = () => new Refusal(code, "It is there.");
            const { status, stdout } = await tools.run(["finish", work, "artifacts"], { PutImage });
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
                BatchGetImage: (input) => repository(tools.tag)(input, 0),
                GetObject: (input, count) =>
                    tools.bucket({ [tools.proof]: new Refusal("SlowDown", "Slow.", 503) })(input, count),
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
            const { status, stderr } = await tools.run(["prepare", tools.workFolder()], scripts, variables);
            assert.deepEqual([status, stderr], [1, `${message}\n`]);
        });
    }
});
