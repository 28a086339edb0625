import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import type { z } from "zod";
import { repositoryName } from "../../../infra/config/repositoryName";
import { describeIssue, parseSettings, projectRoot, settings } from "../../../infra/config/settings";
import { temporaryFolder } from "../temporaryFolder";

/** Parses settings that are right, keys without the project's name. */
function parse(config: Record<string, string>) {
    const own = Object.entries(config).map(([key, value]) => [`shop:${key}`, value] as const);
    return parseAll(Object.fromEntries(own));
}

/** Parses the whole configuration of a stack, keys with their project's names. */
function parseAll(config: Record<string, string>) {
    return parseSettings("shop", config, (problems) => assert.fail(problems.join("\n")));
}

const defaults = {
    images: [{ name: "app", platforms: ["linux/amd64"] }],
    image: { source: "build" },
    existingRepositories: false,
    baseRegistry: "public.ecr.aws/docker/library",
    source: { type: "NO_SOURCE", webhooks: false },
    buildSecrets: {},
    lambdaFunctionNames: [],
    codebuild: {},
    nativeBuilds: false,
    branch: "main",
    defaultBranch: "main",
    cacheMode: "max",
    rebuildKey: "",
    parallelBuilds: 4,
    maxBuildCount: 50,
    cacheExpiryDays: 30,
    untaggedExpiryDays: 7,
    logRetentionDays: 30,
    forceDestroy: false,
};

describe("projectRoot", () => {
    it("is the folder of Pulumi.yaml", () => assert.ok(fs.existsSync(path.join(projectRoot, "Pulumi.yaml"))));
});

describe("parseSettings", () => {
    const folder = temporaryFolder();

    it("has a default for everything", () => {
        assert.deepEqual(parse({}), defaults);
    });

    it("takes an empty text for a setting that is not there, since Pulumi demands defaults", () => {
        const empty = Object.fromEntries(Object.keys(settings.shape).map((key) => [key, ""]));
        assert.deepEqual(parse(empty), defaults);
    });

    it("leaves the settings of other projects alone, also of those whose names begin alike", () => {
        assert.deepEqual(
            parseAll({ "aws:region": "eu-central-1", "shop-api:colour": "red", "my-shop:colour": "red" }),
            defaults,
        );
    });

    it("reads texts, numbers, truth values and structures out of Pulumi's texts", () => {
        const values = {
            images: [
                {
                    name: "api",
                    context: "app",
                    dockerfile: "app/Dockerfile",
                    target: "build",
                    testTarget: "results",
                    buildArgs: { A: "1" },
                    platforms: ["linux/arm64", "linux/amd64"],
                    compression: "gzip",
                    repositoryName: "shop/api",
                    digest: `sha256:${"b".repeat(64)}`,
                },
            ],
            image: { source: "digest" },
            imageDigest: `sha256:${"a".repeat(64)}`,
            repositoryName: "shop",
            existingRepositories: true,
            baseRegistry: "127.0.0.1:5000/base",
            buildkitImage: `127.0.0.1:5000/moby/buildkit:v0.31.0@sha256:${"c".repeat(64)}`,
            source: {
                type: "GITHUB",
                location: "https://github.com/acme/shop.git",
                connectionArn: "arn:aws:codeconnections:eu-central-1:123456789012:connection/1",
                webhooks: true,
            },
            infrastructure: {
                stateBucket: "shop-state",
                stateKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
                pulumiVersion: "3.248.0",
                pulumiChecksum: "d".repeat(64),
            },
            buildSecrets: {
                npm: "shop/npm",
                "ca.pem": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:ca-AbCdEf",
            },
            codebuild: { computeType: "BUILD_GENERAL1_SMALL", buildTimeout: 10 },
            nativeBuilds: true,
            branch: "feature/x",
            defaultBranch: "trunk",
            cacheMode: "min",
            rebuildKey: "2026",
            parallelBuilds: 4,
            maxBuildCount: 1,
            cacheExpiryDays: 2,
            untaggedExpiryDays: 3,
            logRetentionDays: 5,
            kmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1",
            existingCacheBucketName: "shop-cache",
            hostFolder: "/srv/shop",
            secretName: "shop/settings",
            lambdaFunctionNames: ["shop-prod"],
            forceDestroy: true,
        };
        const texts = Object.entries(values).map(
            ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const,
        );
        assert.deepEqual(parse(Object.fromEntries(texts)), values);
    });

    const limits: [key: string, lowest: string, highest: string][] = [
        ["parallelBuilds", "1", "1000"],
        ["maxBuildCount", "1", "10000"],
        ["cacheExpiryDays", "1", "3650"],
        ["untaggedExpiryDays", "1", "3650"],
        ["logRetentionDays", "1", "3653"],
    ];
    for (const [key, ...values] of limits) {
        it(`takes ${values.join(" and ")} as ${key}`, () => {
            for (const value of values) assert.deepEqual(parse({ [key]: value }), { ...defaults, [key]: +value });
        });
    }

    const longest: [key: string, length: number, character: string][] = [
        ["repositoryName", 256, "a"],
        ["existingCacheBucketName", 63, "a"],
        ["secretName", 512, "@"],
    ];
    for (const [key, length, character] of longest) {
        it(`takes ${length} characters as ${key}`, () => {
            const value = character.repeat(length);
            assert.deepEqual(parse({ [key]: value }), { ...defaults, [key]: value });
        });
    }

    it("takes 31 characters as the name of an image", () => {
        const name = "a".repeat(31);
        assert.equal(parse({ images: JSON.stringify([{ name }]) }).images[0]?.name, name);
    });

    describe("reads the file of certificates", () => {
        const content = "-----BEGIN CERTIFICATE-----\n";
        const workingFolder = process.cwd();
        afterEach(() => process.chdir(workingFolder));

        it("at an absolute path", () => {
            const file = path.join(folder.path, "ca.pem");
            fs.writeFileSync(file, content);
            assert.equal(parse({ caCertificates: file }).caCertificates, content);
        });

        it("from the folder of Pulumi.yaml on, wherever the program runs", () => {
            const file = path.join(folder.path, "ca.pem");
            fs.writeFileSync(file, content);
            process.chdir(folder.path);
            assert.equal(parse({ caCertificates: path.relative(projectRoot, file) }).caCertificates, content);
        });
    });
});

describe("repositoryName", () => {
    it("takes what ECR takes", () => {
        const part = fc.stringMatching(/^[a-z0-9]{1,6}$/);
        const joint = fc.constantFrom(".", "_", "__", "-", "---", "/");
        const joined = fc
            .tuple(
                part,
                fc.array(
                    fc.tuple(joint, part).map((pair) => pair.join("")),
                    { maxLength: 8 },
                ),
            )
            .map(([first, more]) => first + more.join(""))
            .filter((name) => name.length > 1);
        fc.assert(fc.property(joined, (name) => assert.equal(repositoryName.parse(name), name)));
        assert.equal(repositoryName.parse("a".repeat(256)).length, 256);
    });
});

describe("describeIssue", () => {
    const imageSettings =
        "buildArgs, compression, context, digest, dockerfile, name, pinnedStages, platforms, repositoryName, target, testTarget";
    const table: [what: string, issue: z.core.$ZodIssue, ...lines: string[]][] = [
        [
            "a rule of ours by its message",
            { code: "custom", path: ["secretName"], message: "the name of a secret", input: "a b" },
            'shop:secretName is "a b"; allowed: the name of a secret',
        ],
        [
            "a wrong type by the one that is right",
            {
                code: "invalid_type",
                expected: "string",
                path: ["images", 1, "buildArgs", "A"],
                message: "Invalid input: expected string, received number",
                input: 1,
            },
            "shop:images[1].buildArgs.A is 1; allowed: a value of type string",
        ],
        [
            "an absent value",
            { code: "custom", path: ["images", 0, "name"], message: "a name", input: undefined },
            "shop:images[0].name is missing; allowed: a name",
        ],
        [
            "a choice by all that there is to choose",
            { code: "invalid_value", values: ["max", "min"], path: ["cacheMode"], message: "no", input: "all" },
            'shop:cacheMode is "all"; allowed: max, min',
        ],
        [
            "each unknown key of the settings by those that are known",
            { code: "unrecognized_keys", keys: ["a", "b"], path: [], message: "no", input: {} },
            ...["a", "b"].map(
                (key) => `shop:${key} is not a setting; allowed: ${Object.keys(settings.shape).sort().join(", ")}`,
            ),
        ],
        [
            "an unknown key of image",
            { code: "unrecognized_keys", keys: ["origin"], path: ["image"], message: "no", input: {} },
            "shop:image.origin is not a setting; allowed: source",
        ],
        [
            "an unknown key of one of images",
            { code: "unrecognized_keys", keys: ["size"], path: ["images", 2], message: "no", input: {} },
            `shop:images[2].size is not a setting; allowed: ${imageSettings}`,
        ],
    ];
    for (const [what, issue, ...lines] of table) {
        it(`describes ${what}`, () => assert.deepEqual(describeIssue("shop", issue), lines));
    }
});
