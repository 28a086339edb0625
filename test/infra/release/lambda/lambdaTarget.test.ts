import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LambdaTarget, type LambdaTargetArgs } from "../../../../infra/release/lambda/lambdaTarget";
import { accountId, region, registry } from "../../../../local/mocks/mockOutputs";
import { mockPulumi } from "../../../../local/mocks/mockPulumi";

const imageUri = `${registry}/shop@sha256:${"1".repeat(64)}`;
const functionArn = `arn:aws:lambda:${region}:${accountId}:function:shop-dev`;

async function declare(extra: Partial<LambdaTargetArgs> = {}) {
    const world = await mockPulumi();
    new LambdaTarget("target", { application: "shop", environment: "dev", imageUri, ...extra });
    await world.settle();
    return world;
}

describe("LambdaTarget", () => {
    it("declares function, alias, role and log group", async () => {
        assert.deepEqual((await declare()).tree(), [
            "LambdaTarget target",
            "  Alias target-alias",
            "  Function target-function",
            "  LogGroup target-logs",
            "  Role target-role",
            "  RolePolicy target-policy",
        ]);
    });

    it("starts with the first image and a published version, and leaves both to deploys", async () => {
        const world = await declare();
        const { inputs, options } = world.resource("Function target-function");
        assert.deepEqual(inputs, {
            name: "shop-dev",
            packageType: "Image",
            imageUri,
            architectures: ["x86_64"],
            role: `arn:aws:iam::${accountId}:role/target-role-1a2b3c4`,
            memorySize: 256,
            timeout: 30,
            loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/shop-dev" },
            publish: true,
        });
        assert.deepEqual(options, {
            deleteBeforeReplace: true,
            ignoreChanges: ["imageUri", "architectures"],
            dependsOn: ["RolePolicy target-policy"],
        });
        const alias = world.resource("Alias target-alias");
        assert.deepEqual(alias.inputs, {
            name: "live",
            description: "The released version, moved by deploys",
            functionName: "shop-dev",
            functionVersion: "1",
        });
        assert.deepEqual(alias.options, { ignoreChanges: ["functionVersion", "routingConfig"] });
    });

    it("takes over settings", async () => {
        const world = await declare({
            platform: "linux/arm64",
            memory: 1024,
            timeout: 60,
            variables: { LOG_LEVEL: pulumi.output("debug") },
            logRetentionDays: 7,
        });
        const { architectures, memorySize, timeout, environment } = world.resource("Function target-function").inputs;
        assert.deepEqual(
            { architectures, memorySize, timeout, environment },
            {
                architectures: ["arm64"],
                memorySize: 1024,
                timeout: 60,
                environment: { variables: { LOG_LEVEL: "debug" } },
            },
        );
        assert.equal(world.resource("LogGroup target-logs").inputs.retentionInDays, 7);
    });

    it("may write its log, and nothing else", async () => {
        const world = await declare();
        assert.deepEqual(JSON.parse(world.resource("RolePolicy target-policy").inputs.policy as string), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "WriteLog",
                    Effect: "Allow",
                    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                    Resource: `arn:aws:logs:${region}:${accountId}:log-group:/aws/lambda/shop-dev:*`,
                },
            ],
        });
    });

    it("gives deploys and callers what they need to know", async () => {
        assert.deepEqual((await declare()).resource("LambdaTarget target").outputs, {
            functionName: "shop-dev",
            functionArn,
            aliasName: "live",
            aliasArn: `${functionArn}:live`,
            architecture: "x86_64",
            roleName: "target-role-1a2b3c4",
        });
    });
});
