import { artifactsPrefix, cachePrefix } from "../../../infra/codebuild/buildRolePolicy";
import { buildToolsPrefix } from "../../../infra/buildTools/contentKey";
import { proofsPrefix } from "../../../infra/plan/proofKey";
import { projectRoot } from "../../../local/paths";
import type { CallTargets } from "./callTargets";
import { type HostileRequest, nameOf } from "./requests";

/** Call of an AWS API that the role of pull requests must not be able to make. */
export interface HostileCall {
    what: string;
    /** Name of the client's package, without its prefix. */
    client: "cloudwatch-logs" | "codebuild" | "ecr" | "iam" | "s3" | "secrets-manager" | "ssm" | "sts";
    /** Name of the command's class, without its ending. */
    command: string;
    input: Record<string, unknown>;
}

/** Lists the calls of AWS's APIs. */
export function hostileCalls(targets: CallTargets): HostileCall[] {
    const { outputs, manifest, mediaType } = targets;
    const repositoryName = nameOf(outputs.repositoryUrl!);
    const { cacheBucketName: Bucket, imageTagParameter: Name, buildProjectName: projectName } = outputs;
    const { pullRequestRole: RoleName } = targets;
    const tag = (imageTag: string, repository = repositoryName) => ({
        repositoryName: repository,
        imageTag,
        imageManifest: manifest,
        imageManifestMediaType: mediaType,
    });
    const put = (Key: string) => ({ Bucket, Key, Body: "hostile" });
    const PolicyDocument = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    });
    const calls: [what: string, client: HostileCall["client"], command: string, input: Record<string, unknown>][] = [
        ["gives a content tag to another image", "ecr", "PutImage", tag(`src-${"0".repeat(40)}`)],
        ["moves the content tag of the trusted image", "ecr", "PutImage", tag(outputs.imageTag!)],
        ["gives a pinned stage's tag to an image", "ecr", "PutImage", tag(`deps-${"0".repeat(40)}`)],
        ["replaces the default branch's cache", "ecr", "PutImage", tag("cache-main-amd64")],
        ["claims a commit's tag", "ecr", "PutImage", tag(`git-${"1".repeat(40)}`)],
        ["marks an image as deployed", "ecr", "PutImage", tag("deployed-local")],
        ["tags a base image", "ecr", "PutImage", tag("1.37-musl", targets.baseRepository)],
        ["begins the upload of a layer", "ecr", "InitiateLayerUpload", { repositoryName }],
        [
            "deletes the trusted image",
            "ecr",
            "BatchDeleteImage",
            { repositoryName, imageIds: [{ imageDigest: targets.digest }] },
        ],
        ["deletes the repository", "ecr", "DeleteRepository", { repositoryName, force: true }],
        ["creates a repository", "ecr", "CreateRepository", { repositoryName: "hostile/new" }],
        [
            "opens the repository to everybody",
            "ecr",
            "SetRepositoryPolicy",
            { repositoryName, policyText: PolicyDocument },
        ],
        [
            "lets all images expire",
            "ecr",
            "PutLifecyclePolicy",
            { repositoryName, lifecyclePolicyText: JSON.stringify({ rules: [] }) },
        ],
        ["makes all tags movable", "ecr", "PutImageTagMutability", { repositoryName, imageTagMutability: "MUTABLE" }],
        ["releases an image", "ssm", "PutParameter", { Name, Value: "hostile", Overwrite: true }],
        ["reads which image is released", "ssm", "GetParameter", { Name }],
        ["deletes the release", "ssm", "DeleteParameter", { Name }],
        [
            "labels a version of the release",
            "ssm",
            "LabelParameterVersion",
            { Name, ParameterVersion: 1, Labels: ["hostile"] },
        ],
        ["reads a build secret", "secrets-manager", "GetSecretValue", { SecretId: targets.secretName }],
        [
            "replaces a build secret",
            "secrets-manager",
            "PutSecretValue",
            { SecretId: targets.secretName, SecretString: "hostile" },
        ],
        ["lists the secrets", "secrets-manager", "ListSecrets", {}],
        ["replaces the build tools", "s3", "PutObject", put(targets.toolsKey)],
        ["deletes the build tools", "s3", "DeleteObject", { Bucket, Key: targets.toolsKey }],
        ["brings other build tools", "s3", "PutObject", put(`${buildToolsPrefix}/${"0".repeat(40)}.js`)],
        [
            "says that a build made an image",
            "s3",
            "PutObject",
            put(`${proofsPrefix}/${repositoryName}/src-${"0".repeat(40)}`),
        ],
        ["writes into the cached folders", "s3", "PutObject", put(`${cachePrefix}/hostile`)],
        ["writes artifacts", "s3", "PutObject", put(`${artifactsPrefix}/hostile`)],
        ["reads another object of the bucket", "s3", "GetObject", { Bucket, Key: targets.otherKey }],
        ["lists the bucket", "s3", "ListObjectsV2", { Bucket }],
        ["opens the bucket to everybody", "s3", "PutBucketPolicy", { Bucket, Policy: PolicyDocument }],
        [
            "takes the role of builds that push",
            "sts",
            "AssumeRole",
            { RoleArn: outputs.buildRoleArn, RoleSessionName: "hostile" },
        ],
        ["gives itself a policy", "iam", "PutRolePolicy", { RoleName, PolicyName: "hostile", PolicyDocument }],
        [
            "attaches a policy of AWS to itself",
            "iam",
            "AttachRolePolicy",
            { RoleName, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
        ],
        ["removes its permissions boundary", "iam", "DeleteRolePermissionsBoundary", { RoleName }],
        [
            "lets everybody assume its role",
            "iam",
            "UpdateAssumeRolePolicy",
            { RoleName, PolicyDocument: PolicyDocument.replace('"Resource":"*"', '"Principal":"*"') },
        ],
        ["creates a user", "iam", "CreateUser", { UserName: "hostile" }],
        ["starts a build that pushes", "codebuild", "StartBuild", { projectName }],
        [
            "starts a build that pushes with a buildspec of its own",
            "codebuild",
            "StartBuild",
            { projectName, buildspecOverride: "version: 0.2\nphases: {}\n" },
        ],
        ["starts a batch that pushes", "codebuild", "StartBuildBatch", { projectName, sourceVersion: "pr/1" }],
        [
            "gives the project that pushes another buildspec",
            "codebuild",
            "UpdateProject",
            { name: projectName, source: { type: "NO_SOURCE", buildspec: "version: 0.2\nphases: {}\n" } },
        ],
        ["deletes the project that pushes", "codebuild", "DeleteProject", { name: projectName }],
        [
            "lets every event start the project that pushes",
            "codebuild",
            "UpdateWebhook",
            { projectName, filterGroups: [[{ type: "EVENT", pattern: "PULL_REQUEST_CREATED" }]] },
        ],
        [
            "writes into the log of builds that push",
            "cloudwatch-logs",
            "CreateLogStream",
            { logGroupName: targets.trustedLogGroup, logStreamName: "hostile" },
        ],
        [
            "reads the log of builds that push",
            "cloudwatch-logs",
            "FilterLogEvents",
            { logGroupName: targets.trustedLogGroup },
        ],
        [
            "deletes the log of builds that push",
            "cloudwatch-logs",
            "DeleteLogGroup",
            { logGroupName: targets.trustedLogGroup },
        ],
    ];
    return calls.map(([what, client, command, input]) => ({ what, client, command, input }));
}

/**
 * Renders a program that makes all calls and requests with any credentials it finds, and prints a line with the answer for each. It runs
 * where a pull request's code would run outside of BuildKit.
 */
export function callingProgram(registry: string, calls: HostileCall[], requests: HostileRequest[]): string {
    return `
const load = require("node:module").createRequire(${JSON.stringify(`${projectRoot}/package.json`)});
const { calls, requests, registry } = ${JSON.stringify({ calls, requests, registry })};
const say = (what, answer) => console.log("ANSWER " + JSON.stringify({ what, answer }));
const clients = {};
function clientOf(name) {
    const sdk = load("@aws-sdk/client-" + name);
    const [className] = Object.keys(sdk).filter((key) => key !== "__Client" && key.endsWith("Client"));
    clients[name] ??= new sdk[className]({ forcePathStyle: true, maxAttempts: 1 });
    return { sdk, client: clients[name] };
}
async function main() {
    for (const { what, client: name, command, input } of calls) {
        const { sdk, client } = clientOf(name);
        const sent = client.send(new sdk[command + "Command"](input));
        say(what, await sent.then(() => "done", (error) => error.name + ": " + error.message));
    }
    const { sdk, client } = clientOf("ecr");
    const { authorizationData } = await client.send(new sdk.GetAuthorizationTokenCommand({}));
    for (const { what, method, path, body, contentType } of requests) {
        const headers = { authorization: "Basic " + authorizationData[0].authorizationToken };
        if (contentType) headers["content-type"] = contentType;
        const answer = await fetch("http://" + registry + "/v2/" + path, { method, body, headers });
        say(what, answer.status + ": " + (await answer.text()));
    }
}
main().catch((error) => { console.error(error); process.exitCode = 1; });
`;
}

/** Reads the answers to calls and requests from a log, by attempt. */
export function answersIn(log: string): Map<string, string> {
    const lines = [...log.matchAll(/ANSWER (\{.*\})$/gm)].map(
        ([, text]) => JSON.parse(text!) as { what: string; answer: string },
    );
    return new Map(lines.map(({ what, answer }) => [what, answer]));
}

/** Tells whether an answer refuses the caller, of AWS's APIs and of the registry. */
export function isDenied(answer: string): boolean {
    return /^(AccessDenied\w*|NotAuthorized\w*|UnauthorizedOperation): |not authorized to perform|^(401|403): /.test(
        answer,
    );
}
