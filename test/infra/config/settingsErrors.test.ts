import assert from "node:assert/strict";
import { parseSettings, settings } from "../../../infra/config/settings";

const digest = `sha256:${"a".repeat(64)}`;
const project = "shop";

/** Makes a target on EC2 as Pulumi passes it, with a change. */
function ec2(change: object): Record<string, string> {
    return { ec2: JSON.stringify({ service: "go", composeFiles: ["compose.yml"], ...change }) };
}

/** Error with the refused lines. */
class Refusal extends Error {
    constructor(readonly problems: string[]) {
        super(problems.join("\n"));
    }
}

/** Renders a list of images as JSON text, as Pulumi passes it. */
function images(...list: unknown[]): Record<string, string> {
    return { images: JSON.stringify(list) };
}

const repositoryNames = "2 to 256 lower-case letters and digits, with . _ __ - or / between them";
const allSettings = Object.keys(settings.shape).sort().join(", ");
const imageSettings =
    "buildArgs, compression, context, digest, dockerfile, name, pinnedStages, platforms, repositoryName, target, testTarget";
const logDays =
    "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";

/** Wrong settings, with the lines of the refusal. The project's name in front of each line is left out. */
const wrong: [config: Record<string, string>, ...lines: string[]][] = [
    [{ colour: "red" }, `colour is not a setting; allowed: ${allSettings}`],
    [
        { colour: "red", shape: "round", maxBuildCount: "-1" },
        "maxBuildCount is -1; allowed: 1 to 10000",
        `colour is not a setting; allowed: ${allSettings}`,
        `shape is not a setting; allowed: ${allSettings}`,
    ],
    [
        {
            delivery:
                '{"source":{"connectionArn":"arn:aws:s3:::a","repository":"shop"},"target":"vm","scanLimit":"BAD"}',
        },
        'delivery.source.connectionArn is "arn:aws:s3:::a"; allowed: the ARN of a connection to a Git host',
        'delivery.source.repository is "shop"; allowed: owner/name',
        'delivery.target is "vm"; allowed: ec2, ecs, lambda',
        'delivery.scanLimit is "BAD"; allowed: INFORMATIONAL, LOW, MEDIUM, HIGH, CRITICAL',
    ],
    [
        { deliveredBy: '{"environment":"de v","accountId":"12"}' },
        'deliveredBy.environment is "de v"; allowed: the name of a stack of this project',
        'deliveredBy.accountId is "12"; allowed: 12 digits',
    ],
    [images({ name: "app", throwAway: true }), `images[0].throwAway is not a setting; allowed: ${imageSettings}`],
    [images(), "images is []; allowed: at least one image"],
    [{ images: "app" }, 'images is "app"; allowed: a value of type array'],
    [{ images: '[{"name":"app"' }, 'images is "[{\\"name\\":\\"app\\""; allowed: a value of type array'],
    [{ images: "null" }, "images is null; allowed: a value of type array"],
    [images("app"), 'images[0] is "app"; allowed: a value of type object'],
    [images({}), "images[0].name is missing; allowed: a value of type string"],
    [images({ name: "app" }, { name: "b", colour: 1 }), `images[1].colour is not a setting; allowed: ${imageSettings}`],
    ...["App", "", "1a", "a_b", "a".repeat(32)].map((name): [Record<string, string>, string] => [
        images({ name }),
        `images[0].name is "${name}"; allowed: 1 to 31 lower-case letters, digits and -, beginning with a letter`,
    ]),
    [images({ name: "parameter" }), 'images[0].name is "parameter"; allowed: another name; parameter is taken'],
    [
        images({ name: "app", platforms: ["linux/riscv64"] }),
        'images[0].platforms[0] is "linux/riscv64"; allowed: linux/amd64, linux/arm64',
    ],
    ...(
        [
            [["Deps"], '[0].name is "Deps"; allowed: the name of a stage in lower case'],
            [["deps", { name: "deps" }], ' is [{"name":"deps"},{"name":"deps"}]; allowed: each stage once'],
            [[{ layers: ["/a"] }], "[0].name is missing; allowed: a value of type string"],
            [[{ name: "deps", layer: ["/a"] }], "[0].layer is not a setting; allowed: layers, name"],
            [[{ name: "deps", layers: [] }], "[0].layers is []; allowed: at least one folder"],
            [[{ name: "deps", layers: ["/a", "/a"] }], '[0].layers is ["/a","/a"]; allowed: each folder once'],
            ...["srv", "/", "/srv/", "/srv/../etc", "/a//b"].map((folder) => [
                [{ name: "deps", layers: [folder] }],
                `[0].layers[0] is "${folder}"; allowed: the absolute path of a folder in the stage's image`,
            ]),
        ] as [object[], string][]
    ).map(([pinnedStages, line]): [Record<string, string>, string] => [
        images({ name: "app", pinnedStages }),
        `images[0].pinnedStages${line}`,
    ]),
    [images({ name: "app", compression: "estargz" }), 'images[0].compression is "estargz"; allowed: zstd, gzip'],
    [images({ name: "app", platforms: [] }), "images[0].platforms is []; allowed: at least one platform"],
    [
        images({ name: "app", platforms: "linux/amd64" }),
        'images[0].platforms is "linux/amd64"; allowed: a value of type array',
    ],
    [
        images({ name: "app", platforms: ["linux/amd64", "linux/amd64"] }),
        'images[0].platforms is ["linux/amd64","linux/amd64"]; allowed: each platform once',
    ],
    [images({ name: "app", buildArgs: { A: 1 } }), "images[0].buildArgs.A is 1; allowed: a value of type string"],
    [
        images({ name: "app", buildArgs: ["A"] }),
        'images[0].buildArgs is ["A"]; allowed: texts by the names of build arguments',
    ],
    [
        images({ name: "app", buildArgs: { BASE_REGISTRY: "x" } }),
        'images[0].buildArgs is {"BASE_REGISTRY":"x"}; allowed: arguments besides BASE_REGISTRY, which baseRegistry sets',
    ],
    [
        { codebuild: '{"size":"L"}' },
        "codebuild.size is not a setting; allowed: autoRetryLimit, buildTimeout, cache, cacheNamespace, computeType, concurrentBuildLimit, dockerServer, environmentType, environmentVariables, image, queuedTimeout, sourceVersion, vpcConfig",
    ],
    [
        { codebuild: '{"computeType":"BUILD_LAMBDA_1GB"}' },
        'codebuild.computeType is "BUILD_LAMBDA_1GB"; allowed: BUILD_GENERAL1_SMALL, BUILD_GENERAL1_MEDIUM, BUILD_GENERAL1_LARGE, BUILD_GENERAL1_XLARGE, BUILD_GENERAL1_2XLARGE',
    ],
    [
        { codebuild: '{"buildTimeout":4}' },
        "codebuild.buildTimeout is 4; allowed: a whole number of minutes from 5 to 2160",
    ],
    [
        { codebuild: '{"queuedTimeout":481}' },
        "codebuild.queuedTimeout is 481; allowed: a whole number of minutes from 5 to 480",
    ],
    [
        { codebuild: '{"cache":{"type":"LOCAL"}}' },
        "codebuild.cache.modes is missing; allowed: a list, since the type is LOCAL",
    ],
    [
        { codebuild: '{"cache":{"type":"NO_CACHE","modes":["LOCAL_SOURCE_CACHE"]}}' },
        'codebuild.cache.modes is ["LOCAL_SOURCE_CACHE"]; allowed: no value with NO_CACHE',
    ],
    [
        { codebuild: '{"vpcConfig":{"vpcId":"vpc-1","subnets":[],"securityGroupIds":["sg-0123456789abcdef0"]}}' },
        'codebuild.vpcConfig.vpcId is "vpc-1"; allowed: the id of a VPC',
        "codebuild.vpcConfig.subnets is []; allowed: at least one subnet",
    ],
    [
        { codebuild: '{"environmentVariables":[{"name":"A-B","value":"1"}]}' },
        'codebuild.environmentVariables[0].name is "A-B"; allowed: letters, digits and _, the first one no digit',
    ],
    [images({ name: "app", context: "" }), 'images[0].context is ""; allowed: a folder, relative to Pulumi.yaml'],
    [images({ name: "app", dockerfile: "" }), 'images[0].dockerfile is ""; allowed: a file, relative to Pulumi.yaml'],
    [images({ name: "app", target: "" }), 'images[0].target is ""; allowed: a stage of the Dockerfile'],
    [
        images({ name: "app", digest: "latest" }),
        'images[0].digest is "latest"; allowed: sha256: and 64 hexadecimal digits',
    ],
    [
        images({ name: "app", repositoryName: "Shop" }),
        `images[0].repositoryName is "Shop"; allowed: ${repositoryNames}`,
    ],
    [{ image: "build" }, 'image is "build"; allowed: a value of type object'],
    [{ image: '{"source":"pull"}' }, 'image.source is "pull"; allowed: build, digest'],
    [{ image: '{"origin":"build"}' }, "image.origin is not a setting; allowed: source"],
    [{ imageDigest: "latest" }, 'imageDigest is "latest"; allowed: sha256: and 64 hexadecimal digits'],
    [{ imageDigest: `${digest}0` }, `imageDigest is "${digest}0"; allowed: sha256: and 64 hexadecimal digits`],
    ...["Shop", "a", "a..b", "a___b", "/a", "a/", "a//b", "-a", "a b", "a".repeat(257)].map(
        (name): [Record<string, string>, string] => [
            { repositoryName: name },
            `repositoryName is "${name}"; allowed: ${repositoryNames}`,
        ],
    ),
    [{ existingRepositories: "yes" }, 'existingRepositories is "yes"; allowed: true or false'],
    [{ existingRepositories: "1" }, "existingRepositories is 1; allowed: true or false"],
    [{ forceDestroy: "maybe" }, 'forceDestroy is "maybe"; allowed: true or false'],
    ...["https://x", "x/", "X"].map((value): [Record<string, string>, string] => [
        { baseRegistry: value },
        `baseRegistry is "${value}"; allowed: a registry host and a prefix, without a scheme`,
    ]),
    [{ cacheMode: "all" }, 'cacheMode is "all"; allowed: max, min, off'],
    [{ parallelBuilds: "0" }, "parallelBuilds is 0; allowed: 1 to 1000"],
    [{ parallelBuilds: "1001" }, "parallelBuilds is 1001; allowed: 1 to 1000"],
    [{ parallelBuilds: "2.5" }, "parallelBuilds is 2.5; allowed: a whole number from 1 to 1000"],
    [{ maxBuildCount: "-1" }, "maxBuildCount is -1; allowed: 1 to 10000"],
    [{ maxBuildCount: "0" }, "maxBuildCount is 0; allowed: 1 to 10000"],
    [{ maxBuildCount: "10001" }, "maxBuildCount is 10001; allowed: 1 to 10000"],
    [{ maxBuildCount: "1.5" }, "maxBuildCount is 1.5; allowed: a whole number from 1 to 10000"],
    [{ maxBuildCount: "many" }, 'maxBuildCount is "many"; allowed: a whole number from 1 to 10000'],
    [{ cacheExpiryDays: "-3" }, "cacheExpiryDays is -3; allowed: 1 to 3650 days"],
    [{ cacheExpiryDays: "x" }, 'cacheExpiryDays is "x"; allowed: a whole number of days from 1 to 3650'],
    [{ untaggedExpiryDays: "3651" }, "untaggedExpiryDays is 3651; allowed: 1 to 3650 days"],
    [{ logRetentionDays: "31" }, `logRetentionDays is 31; allowed: ${logDays}`],
    [{ logRetentionDays: "x" }, `logRetentionDays is "x"; allowed: ${logDays}`],
    [{ kmsKeyArn: "alias/x" }, 'kmsKeyArn is "alias/x"; allowed: the ARN of a KMS key'],
    [{ secretKmsKeyArn: "alias/x" }, 'secretKmsKeyArn is "alias/x"; allowed: the ARN of a KMS key'],
    ...["ab", "My Bucket", "-ab", "a".repeat(64)].map((name): [Record<string, string>, string] => [
        { existingCacheBucketName: name },
        `existingCacheBucketName is "${name}"; allowed: the name of a bucket: 3 to 63 lower-case letters, digits and . -`,
    ]),
    [
        { caCertificates: "nowhere.pem" },
        'caCertificates is "nowhere.pem"; allowed: a file of certificates in PEM format that exists',
    ],
    [
        { caCertificates: "infra" },
        'caCertificates is "infra"; allowed: a file of certificates in PEM format that exists',
    ],
    ...[
        "buildkit",
        "moby/buildkit:v1",
        "docker.io/moby/buildkit",
        "registry.example.com:5000/buildkit",
        "https://registry.example.com/buildkit:v1",
        "registry.example.com/buildkit:",
        "registry.example.com/buildkit@sha256:abc",
        "registry.example.com/buildkit:v1\nRUN evil",
    ].map((image): [Record<string, string>, string] => [
        { buildkitImage: image },
        `buildkitImage is ${JSON.stringify(image)}; allowed: an image with its registry, and a tag or a digest`,
    ]),
    [{ source: '{"type":"S3"}' }, "source.location is missing; allowed: a value, since the type is S3"],
    [
        { infrastructure: `{"stateBucket":"state","pulumiVersion":"latest","pulumiChecksum":"${"a".repeat(64)}"}` },
        'infrastructure.pulumiVersion is "latest"; allowed: a version such as 3.248.0',
    ],
    [{ buildSecrets: "npm" }, 'buildSecrets is "npm"; allowed: secrets by the ids of build secrets'],
    [{ buildSecrets: '{"npm":"a b"}' }, 'buildSecrets.npm is "a b"; allowed: the name or ARN of a secret'],
    [
        { buildSecrets: '{"../x":"a"}' },
        'buildSecrets is {"../x":"a"}; allowed: ids of letters, digits and _ . -, the first one no . or -',
    ],
    [{ nativeBuilds: "yes" }, 'nativeBuilds is "yes"; allowed: true or false'],
    [{ ec2: "go" }, 'ec2 is "go"; allowed: a value of type object'],
    [{ ec2: '{"service":"go"}' }, "ec2.composeFiles is missing; allowed: a value of type array"],
    [ec2({ composeFiles: [] }), "ec2.composeFiles is []; allowed: at least one file"],
    ...[["a/compose.yml", "b/compose.yml"], [".env"]].map((composeFiles): [Record<string, string>, string] => [
        ec2({ composeFiles }),
        `ec2.composeFiles is ${JSON.stringify(composeFiles)}; allowed: files whose names differ, in different folders too, and none called .env`,
    ]),
    [ec2({ service: "a b" }), 'ec2.service is "a b"; allowed: the name of a compose service'],
    ...["it's", "a\nb", "a\0", "a\\"].map((value): [Record<string, string>, string] => [
        ec2({ composeVariables: { A: value } }),
        `ec2.composeVariables.A is ${JSON.stringify(value)}; allowed: a text without single quotes, line breaks, NUL, and a backslash at its end`,
    ]),
    [ec2({ secretKeys: ["a-b"] }), 'ec2.secretKeys[0] is "a-b"; allowed: the name of a variable'],
    [ec2({ instanceTag: { key: "Deploy" } }), "ec2.instanceTag.value is missing; allowed: a value of type string"],
    [ec2({ instanceTag: { key: "a,b", value: "c" } }), 'ec2.instanceTag.key is "a,b"; allowed: the key of a tag'],
    [ec2({ existingRoleName: "a b" }), 'ec2.existingRoleName is "a b"; allowed: the name of a role'],
    [ec2({ healthSeconds: 0 }), "ec2.healthSeconds is 0; allowed: 1 to 3600"],
    [ec2({ keepImages: 1 }), "ec2.keepImages is 1; allowed: 2 to 100"],
    [
        ec2({ colour: 1 }),
        "ec2.colour is not a setting; allowed: composeFiles, composeVariables, existingRoleName, healthSeconds, instanceTag, keepImages, secretKeys, service",
    ],
    [{ hostFolder: "opt" }, 'hostFolder is "opt"; allowed: an absolute path'],
    ...["a b", "a".repeat(513)].map((name): [Record<string, string>, string] => [
        { secretName: name },
        `secretName is "${name}"; allowed: the name or ARN of a secret`,
    ]),
    [{ ecs: '{"cpu":100}' }, "ecs.cpu is 100; allowed: 256, 512, 1024, 2048, 4096, 8192, 16384"],
    [{ ecs: '{"port":0}' }, "ecs.port is 0; allowed: 1 to 65535"],
    [
        { ecs: '{"existingNetwork":{"vpcId":"vpc-1","taskSubnetIds":[],"loadBalancerSubnetIds":["subnet-1"]}}' },
        "ecs.existingNetwork.taskSubnetIds is []; allowed: at least one subnet",
    ],
    [
        { ecs: '{"existingNetwork":{"vpcId":"vpc-1","taskSubnetIds":["subnet-1"]}}' },
        "ecs.existingNetwork.loadBalancerSubnetIds is missing; allowed: public subnets of this network, or an existingLoadBalancer",
    ],
    [
        {
            ecs: JSON.stringify({
                existingLoadBalancer: {
                    targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop/1",
                    securityGroupId: "sg-1",
                    url: "https://shop.example",
                },
            }),
        },
        "ecs.existingNetwork is missing; allowed: the network of the existingLoadBalancer",
    ],
    [{ lambda: '{"memory":64}' }, "lambda.memory is 64; allowed: 128 to 10240"],
    ...["*", "a b", "a:live", "a".repeat(65)].map((name): [Record<string, string>, string] => [
        { lambdaFunctionNames: JSON.stringify([name]) },
        `lambdaFunctionNames[0] is "${name}"; allowed: the name of a Lambda function, in which * stands for any text, but not at the beginning`,
    ]),
    [{ lambda: '{"cpu":1}' }, "lambda.cpu is not a setting; allowed: memory, timeout, variables"],
    [
        { ci: '{"gitlab":{"url":"git.example"}}' },
        'ci.gitlab.url is "git.example"; allowed: an https address without a path',
    ],
    [{ ci: '{"jenkins":{}}' }, "ci.jenkins is not a setting; allowed: github, gitlab, promoteFrom, promoteTo"],
    [
        { ci: '{"promoteFrom":{"environment":"dev/eu"}}' },
        'ci.promoteFrom.environment is "dev/eu"; allowed: the name of a stack of this project',
    ],
    [
        { ci: '{"promoteFrom":{"environment":"dev","repositoryName":"Shop"}}' },
        'ci.promoteFrom.repositoryName is "Shop"; allowed: 2 to 256 lower-case letters and digits, with . _ __ - or / between them',
    ],
    [
        { ci: '{"promoteFrom":{"environment":"dev","bucketName":"Shop","kmsKeyArn":"alias/shop"}}' },
        'ci.promoteFrom.bucketName is "Shop"; allowed: the name of a bucket: 3 to 63 lower-case letters, digits and . -',
        'ci.promoteFrom.kmsKeyArn is "alias/shop"; allowed: the ARN of a KMS key',
    ],
];

describe("parseSettings refuses", () => {
    for (const [config, ...lines] of wrong) {
        it(JSON.stringify(config), () => {
            const own = Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]));
            assert.throws(
                () =>
                    parseSettings(project, own, (problems) => {
                        throw new Refusal(problems);
                    }),
                { problems: lines.map((line) => `${project}:${line}`) },
            );
        });
    }

    it("each setting that has rules: none is without a case here", () => {
        const tested = new Set(wrong.flatMap(([config]) => Object.keys(config)));
        const free = ["branch", "defaultBranch", "rebuildKey"];
        assert.deepEqual(
            Object.keys(settings.shape).filter((key) => !tested.has(key) && !free.includes(key)),
            [],
        );
    });
});
