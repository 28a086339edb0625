import * as assert from "node:assert/strict";
import type { ApiRequest } from "../../../../../local/aws/gateway/call/apiRequest";
import { identify } from "../../../../../local/aws/gateway/call/identify";

const region = "eu-central-1";
const account = "000000000000";

const signedFor = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=AKIAX/20261121/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

const json = (service: string, target: string, members: object): ApiRequest => ({
    method: "POST",
    url: "/",
    headers: { ...signedFor(service), "x-amz-target": target, "content-type": "application/x-amz-json-1.1" },
    body: Buffer.from(JSON.stringify(members)),
});

const query = (service: string, parameters: Record<string, string>): ApiRequest => ({
    method: "POST",
    url: "/",
    headers: { ...signedFor(service), "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: Buffer.from(new URLSearchParams(parameters).toString()),
});

const rest = (service: string, request: string): ApiRequest => {
    const [method = "", url = ""] = request.split(" ");
    return { method, url, headers: signedFor(service), body: Buffer.alloc(0) };
};

const ecr = (operation: string, members: object) =>
    json("ecr", `AmazonEC2ContainerRegistry_V20150921.${operation}`, members);
const ssm = (operation: string, members: object) => json("ssm", `AmazonSSM.${operation}`, members);
const codebuild = (operation: string, members: object) => json("codebuild", `CodeBuild_20161006.${operation}`, members);
const logs = (operation: string, members: object) => json("logs", `Logs_20140328.${operation}`, members);
const secrets = (operation: string, members: object) => json("secretsmanager", `secretsmanager.${operation}`, members);
const kms = (operation: string, members: object) => json("kms", `TrentService.${operation}`, members);

const repository = `arn:aws:ecr:${region}:${account}:repository/`;
const parameter = `arn:aws:ssm:${region}:${account}:parameter/`;
const project = `arn:aws:codebuild:${region}:${account}:project/`;
const role = `arn:aws:iam::${account}:role/builder`;
const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret:token-AbCdEf`;
const functionArn = `arn:aws:lambda:${region}:${account}:function:api`;

const pipelines = (operation: string, members: object) =>
    json("codepipeline", `CodePipeline_20150709.${operation}`, members);
const connection = `arn:aws:codeconnections:${region}:${account}:connection/1`;
const pipelineArn = `arn:aws:codepipeline:${region}:${account}:`;

const cases: [request: ApiRequest, action: string | null, resources: string[]][] = [
    [ecr("CreateRepository", { repositoryName: "team/app" }), "ecr:CreateRepository", [`${repository}team/app`]],
    ...["", "com.amazonaws.codestar.connections."].map((prefix): [ApiRequest, string, string[]] => [
        json("codestar-connections", `${prefix}CodeStar_connections_20191201.GetConnection`, {
            ConnectionArn: connection,
        }),
        "codestar-connections:GetConnection",
        [connection],
    ]),
    [pipelines("CreatePipeline", { pipeline: { name: "a" } }), "codepipeline:CreatePipeline", [`${pipelineArn}a`]],
    [pipelines("GetPipelineState", { name: "a" }), "codepipeline:GetPipelineState", [`${pipelineArn}a`]],
    [
        pipelines("StopPipelineExecution", { pipelineName: "a", stageName: "b" }),
        "codepipeline:StopPipelineExecution",
        [`${pipelineArn}a`],
    ],
    [
        pipelines("RetryStageExecution", { pipelineName: "a", stageName: "b" }),
        "codepipeline:RetryStageExecution",
        [`${pipelineArn}a/b`],
    ],
    [
        pipelines("PutApprovalResult", { pipelineName: "a", stageName: "b", actionName: "c" }),
        "codepipeline:PutApprovalResult",
        [`${pipelineArn}a/b/c`],
    ],
    [
        pipelines("TagResource", { resourceArn: `${pipelineArn}a`, tags: [] }),
        "codepipeline:TagResource",
        [`${pipelineArn}a`],
    ],
    [pipelines("ListPipelines", {}), "codepipeline:ListPipelines", []],
    [ecr("DescribeRepositories", {}), "ecr:DescribeRepositories", []],
    [
        ecr("DescribeRepositories", { repositoryNames: ["a", "b"] }),
        "ecr:DescribeRepositories",
        [`${repository}a`, `${repository}b`],
    ],
    [ecr("GetAuthorizationToken", {}), "ecr:GetAuthorizationToken", []],
    [ecr("TagResource", { resourceArn: `${repository}a` }), "ecr:TagResource", [`${repository}a`]],
    [ssm("GetParameter", { Name: "/app/tag" }), "ssm:GetParameter", [`${parameter}app/tag`]],
    [ssm("GetParameter", { Name: "plain" }), "ssm:GetParameter", [`${parameter}plain`]],
    [ssm("GetParameters", { Names: ["/a", "/b"] }), "ssm:GetParameters", [`${parameter}a`, `${parameter}b`]],
    [ssm("GetParametersByPath", { Path: "/app/dev" }), "ssm:GetParametersByPath", [`${parameter}app/dev`]],
    [
        ssm("SendCommand", { DocumentName: "deploy" }),
        "ssm:SendCommand",
        [`arn:aws:ssm:${region}:${account}:document/deploy`],
    ],
    [
        ssm("CreateDocument", { Name: "deploy" }),
        "ssm:CreateDocument",
        [`arn:aws:ssm:${region}:${account}:document/deploy`],
    ],
    [codebuild("CreateProject", { name: "build" }), "codebuild:CreateProject", [`${project}build`]],
    [codebuild("StartBuild", { projectName: "build" }), "codebuild:StartBuild", [`${project}build`]],
    [codebuild("BatchGetProjects", { names: ["build"] }), "codebuild:BatchGetProjects", [`${project}build`]],
    [codebuild("BatchGetBuilds", { ids: ["build:1-2"] }), "codebuild:BatchGetBuilds", [`${project}build`]],
    [
        logs("CreateLogStream", { logGroupName: "/aws/codebuild/x", logStreamName: "s" }),
        "logs:CreateLogStream",
        [`arn:aws:logs:${region}:${account}:log-group:/aws/codebuild/x`],
    ],
    [secrets("GetSecretValue", { SecretId: secretArn }), "secretsmanager:GetSecretValue", [secretArn]],
    [
        secrets("GetSecretValue", { SecretId: "token" }),
        "secretsmanager:GetSecretValue",
        [`arn:aws:secretsmanager:${region}:${account}:secret:token`],
    ],
    [kms("Encrypt", { KeyId: "alias/app" }), "kms:Encrypt", [`arn:aws:kms:${region}:${account}:alias/app`]],
    [kms("Encrypt", { KeyId: "1-2" }), "kms:Encrypt", [`arn:aws:kms:${region}:${account}:key/1-2`]],
    [query("iam", { Action: "PutRolePolicy", RoleName: "builder", PolicyName: "p" }), "iam:PutRolePolicy", [role]],
    [
        query("iam", { Action: "CreatePolicy", PolicyName: "p" }),
        "iam:CreatePolicy",
        [`arn:aws:iam::${account}:policy/p`],
    ],
    [query("iam", { Action: "ListRoles" }), "iam:ListRoles", []],
    [query("sts", { Action: "AssumeRole", RoleArn: role }), "sts:AssumeRole", [role]],
    [query("sts", { Action: "GetCallerIdentity" }), "sts:GetCallerIdentity", []],
    [rest("s3", "GET /"), "s3:ListAllMyBuckets", []],
    [rest("s3", "PUT /bucket"), "s3:CreateBucket", ["arn:aws:s3:::bucket"]],
    [rest("s3", "GET /bucket?list-type=2&prefix=a"), "s3:ListBucket", ["arn:aws:s3:::bucket"]],
    [rest("s3", "PUT /bucket?publicAccessBlock="), "s3:PutBucketPublicAccessBlock", ["arn:aws:s3:::bucket"]],
    [rest("s3", "DELETE /bucket?lifecycle"), "s3:PutLifecycleConfiguration", ["arn:aws:s3:::bucket"]],
    [rest("s3", "POST /bucket?delete="), "s3:DeleteObject", ["arn:aws:s3:::bucket/*"]],
    [rest("s3", "PUT /bucket/a/b%20c?x-id=PutObject"), "s3:PutObject", ["arn:aws:s3:::bucket/a/b c"]],
    [rest("s3", "HEAD /bucket/a"), "s3:GetObject", ["arn:aws:s3:::bucket/a"]],
    [rest("s3", "POST /bucket/a?uploads"), "s3:PutObject", ["arn:aws:s3:::bucket/a"]],
    [rest("s3", "DELETE /bucket/a?uploadId=1"), "s3:AbortMultipartUpload", ["arn:aws:s3:::bucket/a"]],
    [rest("s3", "GET /bucket/a?versionId=1"), "s3:GetObjectVersion", ["arn:aws:s3:::bucket/a"]],
    [rest("s3", "GET /bucket/a/../b"), "s3:GetObject", ["arn:aws:s3:::bucket/a/../b"]],
    [rest("lambda", "POST /2015-03-31/functions"), "lambda:CreateFunction", []],
    [rest("lambda", "POST /2015-03-31/functions/api/invocations"), "lambda:InvokeFunction", [functionArn]],
    [rest("lambda", "PUT /2015-03-31/functions/api/code"), "lambda:UpdateFunctionCode", [functionArn]],
    [rest("lambda", "PUT /2015-03-31/functions/api/aliases/live"), "lambda:UpdateAlias", [functionArn]],
    [rest("lambda", `GET /2017-03-31/tags/${encodeURIComponent(functionArn)}`), "lambda:ListTags", [functionArn]],
    [rest("batch", "POST /v1/submitjob"), null, []],
];

describe("gateway: API calls", () => {
    for (const [request, action, resources] of cases) {
        it(`${request.method} ${request.url} is ${action} on ${resources.join(", ") || "*"}`, () => {
            const call = identify(request, "us-east-1");
            assert.deepEqual(
                { accessKeyId: call.accessKeyId, region: call.region, action: call.action, resources: call.resources },
                { accessKeyId: "AKIAX", region, action, resources },
            );
        });
    }

    const plain = { method: "GET", headers: {}, body: Buffer.alloc(0) };
    const keys: [name: string, request: ApiRequest, accessKeyId: string | undefined, service: string][] = [
        ["a signed object", { ...plain, url: "/bucket/a", headers: signedFor("s3") }, "AKIAX", "s3"],
        [
            "a presigned URL",
            { ...plain, url: `/bucket/a?X-Amz-Credential=AKIAX%2F20261121%2F${region}%2Fs3%2Faws4_request` },
            undefined,
            "s3",
        ],
        [
            "an old signature",
            { ...plain, url: "/bucket/a", headers: { authorization: "AWS AKIAX:0" } },
            undefined,
            "s3",
        ],
        ["an unsigned object", { ...plain, url: "/bucket/a" }, undefined, "s3"],
        [
            "an unsigned JSON call",
            { ...plain, url: "/", headers: { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.X" } },
            undefined,
            "ecr",
        ],
        ["an unsigned query call", { ...plain, url: "/?Action=AssumeRoleWithWebIdentity" }, undefined, "sts"],
        [
            "an algorithm that the emulator does not check",
            { ...plain, url: "/", headers: { authorization: "AWS4-ECDSA-P256-SHA256 Credential=AKIAX/1/s3/aws4" } },
            undefined,
            "s3",
        ],
    ];
    for (const [name, request, accessKeyId, service] of keys) {
        it(`reads the caller of ${name}`, () => {
            const call = identify(request, region);
            assert.deepEqual({ accessKeyId: call.accessKeyId, service: call.service }, { accessKeyId, service });
        });
    }
});
