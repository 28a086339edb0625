import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { mockPulumi, type ResourceRecord } from "../../local/mocks/mockPulumi";
import { lintAll } from "./cfnLint";
import { cloudFormationTemplate } from "./cloudFormation";

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`;
const kmsKeyArn = arn("kms", "key/12345678-1234-1234-1234-123456789012");
const source = {
    type: "GITHUB",
    location: "https://github.com/acme/shop.git",
    connectionArn: arn("codeconnections", "connection/1"),
    webhooks: true,
};
const infrastructure = {
    stateBucket: "shop-state",
    stateKeyArn: kmsKeyArn,
    pulumiVersion: "3.248.0",
    pulumiChecksum: "0".repeat(64),
};
const subjects = (subject: string) => ({ buildSubjects: [subject], deploySubjects: [subject] });

/** Settings of every kind of stack. */
const stacks: Record<string, Record<string, unknown>> = {
    "an image alone": {},
    "an image under a key of its own": { kmsKeyArn, forceDestroy: true },
    "a build for each platform": {
        images: [{ name: "app", context: "./app", platforms: ["linux/amd64", "linux/arm64"] }],
        nativeBuilds: true,
        source,
    },
    "webhooks, pull requests and updates of the stack": { source, infrastructure },
    "pull requests with a connection of their own, and builds of tags": {
        source: { ...source, pullRequestConnectionArn: arn("codeconnections", "connection/2"), tagPattern: "v[0-9.]+" },
    },
    "a source in a bucket": { source: { type: "S3", location: "shop-source/app.zip" } },
    "a pipeline's source": { source: { type: "CODEPIPELINE", artifactBucketArn: "arn:aws:s3:::pipeline-artifacts" } },
    "a delivery pipeline with pull requests, to another account": {
        ecs: { port: 8080 },
        source,
        delivery: {
            source: {
                connectionArn: arn("codeconnections", "connection/1"),
                repository: "acme/shop",
                paths: ["app/**"],
            },
            target: "ecs",
            scanAllowList: "scan.json",
            promoteTo: [
                { environment: "test", target: "ecs" },
                { environment: "prod", target: "lambda", accountId: "210987654321", repositoryName: "shop-prod" },
            ],
        },
        kmsKeyArn,
    },
    "an environment that a pipeline of another account releases to": {
        image: { source: "digest" },
        imageDigest: `sha256:${"0".repeat(64)}`,
        lambda: { memory: 256 },
        deliveredBy: { environment: "dev", accountId: "210987654321" },
    },
    "tests, secrets, a pull-through cache, and certificates of a proxy": {
        images: [{ name: "app", context: "./app", testTarget: "test" }],
        buildSecrets: { token: "shop/npm" },
        secretKmsKeyArn: kmsKeyArn,
        baseRegistry: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/docker-hub",
        // Its content is not read here.
        caCertificates: "LICENSE",
    },
    "functions of other environments": { lambdaFunctionNames: ["shop-*"] },
    "instances of EC2": { ec2: { service: "app", composeFiles: ["app/docker-compose.prod.yml"] }, kmsKeyArn },
    "instances of EC2 with a key of the settings, and jobs that deploy to them": {
        ec2: { service: "app", composeFiles: ["app/docker-compose.prod.yml"], secretKeys: ["DSN"] },
        ci: { github: subjects("repo:acme/shop:environment:dev") },
        secretKmsKeyArn: kmsKeyArn,
    },
    "a service of ECS": {
        ecs: { port: 8080, secretKeys: ["DSN"], variables: { MODE: "live" }, healthCheckCommand: ["/app", "check"] },
    },
    "a service of ECS that answers by https": {
        ecs: { port: 8080, certificateArn: arn("acm", "certificate/12345678-1234-1234-1234-123456789012") },
    },
    "a service of ECS behind a load balancer of the user's own": {
        ecs: {
            port: 8080,
            existingNetwork: { vpcId: "vpc-0123456789abcdef0", taskSubnetIds: ["subnet-0123456789abcdef0"] },
            existingLoadBalancer: {
                targetGroupArn: arn("elasticloadbalancing", "targetgroup/shop/0123456789abcdef"),
                securityGroupId: "sg-0123456789abcdef0",
                url: "https://shop.example.org",
            },
        },
    },
    "all settings of CodeBuild's projects": {
        codebuild: {
            environmentType: "ARM_CONTAINER",
            computeType: "BUILD_GENERAL1_LARGE",
            vpcConfig: {
                vpcId: "vpc-0123456789abcdef0",
                subnets: ["subnet-0123456789abcdef0"],
                securityGroupIds: ["sg-0123456789abcdef0"],
            },
            cache: { type: "LOCAL", modes: ["LOCAL_SOURCE_CACHE", "LOCAL_CUSTOM_CACHE"] },
            buildTimeout: 2160,
            queuedTimeout: 480,
            autoRetryLimit: 10,
            concurrentBuildLimit: 1,
            environmentVariables: [
                { name: "TOKEN", value: "shop/token", type: "SECRETS_MANAGER" },
                { name: "LEVEL", value: "/shop/level", type: "PARAMETER_STORE" },
            ],
        },
    },
    "a function": { lambda: { memory: 256, variables: { MODE: "live" } } },
    "jobs of GitHub and GitLab": {
        ci: {
            github: subjects("repo:acme/shop:environment:dev"),
            gitlab: subjects("project_path:acme/shop:ref_type:branch:ref:main"),
        },
        lambda: { memory: 256 },
    },
    "jobs that promote what another environment has built": {
        ci: {
            github: subjects("repo:acme/shop:environment:dev"),
            promoteFrom: {
                environment: "test",
                repositoryName: "shop-test",
                bucketName: "shop-test-cache",
                kmsKeyArn,
            },
        },
        ecs: { port: 8080 },
    },
    "an image that another environment builds": {
        image: { source: "digest" },
        imageDigest: `sha256:${"a".repeat(64)}`,
        existingRepositories: true,
        ecs: { port: 8080 },
    },
};

describe("the resources that the program declares are accepted by cfn-lint's resource rules with", function () {
    this.timeout(180_000);

    const templates: object[] = [];
    let remarks: Record<string, string[]>;

    before(async () => {
        // One program runs at a time.
        for (const settings of Object.values(stacks)) templates.push(cloudFormationTemplate(await declared(settings)));
        const found = await lintAll(templates);
        remarks = Object.fromEntries(Object.keys(stacks).map((title, index) => [title, found[index]!]));
    });

    for (const title of Object.keys(stacks)) {
        it(title, () => assert.deepEqual(remarks[title], []));
    }

    it("every statement that settings lead to", () => {
        const declared = new Set([...JSON.stringify(templates).matchAll(/"Sid":"(\w+)"/g)].map(([, sid]) => sid));
        const written = fs
            .readdirSync(path.join(projectRoot, "infra"), { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith(".ts"))
            .flatMap((file) => [
                ...fs
                    .readFileSync(path.join(projectRoot, "infra", file), "utf8")
                    .matchAll(/\bSid: "(\w+)"|[sS]tatement\("(\w+)"/g),
            ])
            .map(([, sid, other]) => sid ?? other!);
        // The policy of people who approve is an output; policies.test.ts has it.
        const output = ["SeePipeline", "Approve"];
        assert.deepEqual([...new Set(written.filter((sid) => !declared.has(sid)))], output);
    });

    it("no value, no name and no missing property that AWS would refuse (this test can fail)", async () => {
        const resources = await declared({ ...stacks["a function"], logRetentionDays: 30 });
        const change = (type: string, inputs: Record<string, unknown>) =>
            Object.assign(resources.find((one) => one.type === type)!.inputs, inputs);
        change("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 31 });
        change("aws:codebuild/project:Project", { queuedTimeOut: 60, artifacts: undefined });
        const [found] = await lintAll([cloudFormationTemplate(resources)]);
        assert.deepEqual(found!.map((remark) => remark.split(" ")[0]).sort(), ["E3002", "E3003", "E3030"]);
    });
});

/** Runs the program on a mocked engine. */
async function declared(settings: Record<string, unknown>): Promise<ResourceRecord[]> {
    const config = Object.entries(settings).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const world = await mockPulumi({ config: Object.fromEntries(config) as Record<string, string> });
    delete require.cache[require.resolve("../../infra")];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the program must be evaluated after the mocks are set
    require("../../infra");
    await world.settle();
    return withRealIds(world.resources);
}

/** Replaces the mocks' ids by ids as EC2 makes them. */
function withRealIds(resources: ResourceRecord[]): ResourceRecord[] {
    const id = (kind: string, name: string) =>
        `"${kind}-${createHash("sha256").update(name).digest("hex").slice(0, 17)}"`;
    const text = JSON.stringify(resources)
        .replace(/"vpc-1"/g, (name) => id("vpc", name))
        .replace(/"subnet-(private|public)-[0-9]"/g, (name) => id("subnet", name))
        .replace(/"[a-z-]+-group-id"/g, (name) => id("sg", name));
    return JSON.parse(text) as ResourceRecord[];
}
