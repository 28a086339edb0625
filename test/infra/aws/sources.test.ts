import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { unscopedActions, unscopedStatement } from "../../../infra/aws/unscopedActions";

const infra = path.resolve(__dirname, "../../../infra");

/** Code of infra/ without comments, by file. */
const sources = fs
    .readdirSync(infra, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ name, code: withoutComments(fs.readFileSync(path.join(infra, name), "utf8")) }));

function withoutComments(text: string): string {
    return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function filesWith(expression: RegExp): string[] {
    return sources.filter(({ code }) => expression.test(code)).map(({ name }) => name);
}

describe("the sources of infra/", () => {
    it("are read by these tests", () => {
        assert.ok(sources.length > 15);
        assert.deepEqual(filesWith(/class ImagePipeline\b/), ["pipeline/imagePipeline.ts"]);
    });

    const forbidden: [string, RegExp, string[]][] = [
        // The check of a configured key's ARN takes every partition.
        ["a partition in an ARN", /arn:aws/, ["config/codebuildSettings.ts", "config/storageNames.ts"]],
        ["a region", /\b(?:us|eu|ap|sa|ca|me|af|il|cn)-(?:[a-z]+-)*(?:north|south|east|west|central)[a-z]*-\d\b/, []],
        ["an account", /\b\d{12}\b/, []],
        ["a registry of ECR", /dkr\.ecr/, []],
        // The build tools run inside a build, which tells them what to do by variables.
        ["the content of the environment", /process\.env/, ["buildTools/main.ts"]],
        // A warning of a preview is no input of a resource.
        ["a switch between preview and update", /isDryRun/, ["image/dockerfileWarning.ts"]],
    ];
    for (const [what, expression, exceptions] of forbidden) {
        it(`hold no ${what}`, () => assert.deepEqual(filesWith(expression), exceptions));
    }

    it("allow `*` as resource in one place only, that of the unscoped actions", () => {
        assert.deepEqual(filesWith(/Resource: \[?"\*"/), ["aws/unscopedActions.ts"]);
        const { code } = sources.find(({ name }) => name === "aws/unscopedActions.ts")!;
        assert.deepEqual(code.match(/.*Resource: \[?"\*".*/g), ['    return { Sid, Action: actions, Resource: "*" };']);
    });

    it("read configuration in config/config.ts only", () => {
        assert.deepEqual(filesWith(/pulumi\.Config\b|allConfig/), ["config/config.ts"]);
    });

    it("name project, stack and folder in config/config.ts, and as defaults of the library's arguments", () => {
        const names = /getProject\(|getStack\(|getRootDirectory\(|process\.cwd\(/;
        assert.deepEqual(filesWith(names), [
            // Docker's provider takes paths as the program's working directory sees them.
            "buildTools/main.ts",
            "config/config.ts",
            "image/imageArgs.ts",
            "pipeline/resolveArgs.ts",
        ]);
    });
});

describe("unscopedStatement", () => {
    it("allows the actions on every resource", () => {
        assert.deepEqual(unscopedStatement("LogIn", ["ecr:GetAuthorizationToken"]), {
            Sid: "LogIn",
            Action: ["ecr:GetAuthorizationToken"],
            Resource: "*",
        });
    });
});

describe("unscopedActions", () => {
    it("names each action with its reason", () => {
        assert.deepEqual(Object.keys(unscopedActions), [
            "ecr:GetAuthorizationToken",
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "ec2messages:AcknowledgeMessage",
            "ec2messages:DeleteMessage",
            "ec2messages:FailMessage",
            "ec2messages:GetEndpoint",
            "ec2messages:GetMessages",
            "ec2messages:SendReply",
            "ecs:DescribeTaskDefinition",
            "ecs:ListTasks",
            "logs:DescribeLogGroups",
            "ssm:CancelCommand",
            "ssm:GetCommandInvocation",
            "ssm:ListCommandInvocations",
            "ssm:ListCommands",
            "ssm:DescribeParameters",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ]);
        for (const reason of Object.values(unscopedActions)) assert.ok(reason.length > 20);
    });
});
