import assert from "node:assert/strict";
import { ListImagesCommand } from "@aws-sdk/client-ecr";
import {
    DeleteRolePermissionsBoundaryCommand,
    DeleteRolePolicyCommand,
    GetRoleCommand,
    GetRolePolicyCommand,
    ListRolePoliciesCommand,
    PutRolePermissionsBoundaryCommand,
    PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { BatchGetProjectsCommand } from "@aws-sdk/client-codebuild";
import { stringify } from "yaml";
import {
    awsClients,
    engineWorld,
    type EngineWorld,
    layeredFiles,
    TestStack,
    writeContext,
} from "../support/engineWorld";
import { type Run, runProject } from "./projectRun";

/** Statements of the role without which no build here fails, with the reason for each. */
const notExercised = {
    UseSourceConnection: "a folder of this machine is the source, and no Git host is asked",
    ReadProofs: "what cannot be proven is built",
};

/** Policy document, parsed. */
interface Document {
    Version: string;
    Statement: { Sid: string }[];
}

describe("the project of pull requests", function () {
    this.timeout(300_000);
    const secretName = "pull-request/secret";
    let engine: EngineWorld;
    let outputs: Record<string, string>;
    let RoleName: string;

    before(async () => {
        engine = await engineWorld();
        const context = await writeContext("pull-request-app", layeredFiles("print(1)\n"));
        const { region, accountId, endpoint, accessKeyId, secretAccessKey } = engine.world;
        const stack = await TestStack.open(engine, "pull-request", {
            images: [{ name: "app", context }],
            source: {
                type: "GITHUB",
                location: "https://github.com/example/app.git",
                connectionArn: `arn:aws:codeconnections:${region}:${accountId}:connection/1`,
                pullRequestConnectionArn: `arn:aws:codeconnections:${region}:${accountId}:connection/2`,
                webhooks: true,
                tagPattern: "v[0-9.]+",
            },
        });
        outputs = (await stack.up()).outputs as Record<string, string>;
        RoleName = (await declared(outputs.pullRequestProjectName!)).serviceRole!.split("/").pop()!;
        const secrets = new SecretsManagerClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
        await secrets.send(new CreateSecretCommand({ Name: secretName, SecretString: "value" }));
    });

    async function declared(name: string) {
        const { projects = [] } = await awsClients(engine).codebuild.send(
            new BatchGetProjectsCommand({ names: [name] }),
        );
        return projects[0]!;
    }

    /** Builds a source with changed code, as an event of the Git host would. */
    const build = (code: string, buildspec?: string): Promise<Run> =>
        runProject(engine, outputs, {
            projectName: outputs.pullRequestProjectName,
            webhook: { event: "pull_request", head: "feature", base: "main" },
            changed: { "pull-request-app/app/main.py": code },
            buildspec,
        });

    it("is declared with a webhook, beside the one that pushes", async () => {
        const [pushes, pullRequests] = await Promise.all(
            [outputs.buildProjectName!, outputs.pullRequestProjectName!].map(declared),
        );
        assert.equal(outputs.pullRequestProjectName, `${outputs.buildProjectName}-pull-request`);
        const events = [pushes, pullRequests].map((project) =>
            project!.webhook!.filterGroups!.map((filters) => filters.map(({ pattern }) => pattern)),
        );
        assert.deepEqual(events, [
            [
                ["PUSH", "^refs/heads/main$"],
                ["PUSH", "^refs/tags/(v[0-9.]+)$"],
            ],
            [["PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED, PULL_REQUEST_REOPENED", "^refs/heads/main$"]],
        ]);
        assert.deepEqual(pullRequests!.webhook!.pullRequestBuildPolicy, {
            requiresCommentApproval: "ALL_PULL_REQUESTS",
            approverRoles: ["GITHUB_ADMIN", "GITHUB_MAINTAIN"],
        });
        assert.notEqual(pushes!.serviceRole, pullRequests!.serviceRole);
        const sources = [pushes, pullRequests].map((project) => project!.source!);
        assert.deepEqual(
            sources.map(({ auth, reportBuildStatus }) => [auth!.resource!.split("/").pop(), reportBuildStatus]),
            [
                ["1", true],
                ["2", true],
            ],
        );
    });

    it("builds a change on an empty builder with the default branch's cache, and pushes nothing", async () => {
        const { succeeded, log, build: record, exported, metrics, bytes } = await build("print(2)\n");
        assert.ok(succeeded, log);
        assert.ok(record.serviceRole.endsWith(`/${RoleName}`), record.serviceRole);
        assert.equal(record.builderStarted, true);
        assert.deepEqual([exported.IMAGE_URI, exported.IMAGE_DIGEST], ["", ""]);
        assert.equal(metrics.StepsRun, 1, log);
        assert.ok(metrics.StepsCached! >= 3, log);
        assert.equal(bytes.up, 0);
        assert.ok(bytes.down < 1_000_000, `${bytes.down} bytes were read`);
    });

    it("needs every statement of its role: without any one of them, the build fails", async () => {
        const { iam } = awsClients(engine);
        const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
        const [PolicyName] = PolicyNames;
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        const whole = JSON.parse(decodeURIComponent(PolicyDocument!)) as Document;
        const put = (document: Document) =>
            iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }));
        const ended: Record<string, string> = {};
        try {
            for (const { Sid } of whole.Statement) {
                if (Sid in notExercised) continue;
                await put({ ...whole, Statement: whole.Statement.filter((one) => one.Sid !== Sid) });
                const { succeeded, log, build: record } = await build(`print("${Sid}")\n`);
                ended[Sid] = succeeded ? "succeeded" : deniedIn(`${log}\n${JSON.stringify(record.phases)}`);
            }
        } finally {
            await put(whole);
        }
        assert.deepEqual(ended, {
            LogIn: "ecr:GetAuthorizationToken",
            PullImagesAndCache: "ecr:BatchGetImage",
            PullBaseImages: "403 Forbidden",
            WriteLog: "logs:CreateLogStream",
            ReadBuildTools: "s3:GetObject",
        });
        assert.deepEqual(
            whole.Statement.map(({ Sid }) => Sid).filter((Sid) => !(Sid in ended)),
            Object.keys(notExercised),
        );
        // AND with all of them it works again
        const { succeeded, log } = await build("print(3)\n");
        assert.ok(succeeded, log);
    });

    describe("does not let what a pull request runs", () => {
        let commands: Record<string, string>;

        before(() => {
            commands = forbidden(outputs, { secretName, RoleName });
        });

        /** Runs all forbidden commands in one build. @returns the outcome of each */
        async function attempt(): Promise<Record<string, string>> {
            const registry = outputs.repositoryUrl!.split("/")[0]!;
            const { succeeded, log } = await build("print(4)\n", attempts(registry, commands));
            assert.ok(succeeded, log);
            const results = [...log.matchAll(/RESULT (\S+) (denied|let through)$/gm)];
            return Object.fromEntries(results.map(([, name, result]) => [name!, result!]));
        }

        const all = (result: string) => Object.fromEntries(Object.keys(commands).map((name) => [name, result]));

        async function pushed(): Promise<boolean> {
            const repositoryName = outputs.repositoryUrl!.slice(outputs.repositoryUrl!.indexOf("/") + 1);
            const { imageIds = [] } = await awsClients(engine).ecr.send(new ListImagesCommand({ repositoryName }));
            return imageIds.some(({ imageTag }) => imageTag === "stolen");
        }

        it("push, read or write parameters, read secrets, change caches and roles, or start other builds", async () => {
            assert.deepEqual(await attempt(), all("denied"));
            assert.equal(await pushed(), false);
        });

        it("do so with what its role gets later either, because of the boundary", async () => {
            // GIVEN a policy that allows everything
            const { iam } = awsClients(engine);
            const later = { RoleName, PolicyName: "later" };
            const statement = { Effect: "Allow", Action: "*", Resource: "*" };
            const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
            const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
            const PermissionsBoundary = Role!.PermissionsBoundary!.PermissionsBoundaryArn;
            await iam.send(new PutRolePolicyCommand({ ...later, PolicyDocument }));
            try {
                // WHEN a build tries THEN nothing has changed
                assert.deepEqual(await attempt(), all("denied"));
                assert.equal(await pushed(), false);
                // AND that is the boundary's doing: without it, the same commands go through
                await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
                assert.deepEqual(await attempt(), all("let through"));
                assert.equal(await pushed(), true);
            } finally {
                await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
                await iam.send(new DeleteRolePolicyCommand(later));
            }
        });
    });
});

/** Finds the first action that a failed build was denied; the registry answers only 403 to a pull. */
function deniedIn(text: string): string {
    const [whole = text, action] = /not authorized to perform: ([A-Za-z0-9]+:[A-Za-z]+)|403 Forbidden/.exec(text) ?? [];
    return action ?? whole;
}

/** Lists the actions that a pull request must not do, as commands by name. */
function forbidden(
    outputs: Record<string, string>,
    { secretName, RoleName }: { secretName: string; RoleName: string },
): Record<string, string> {
    const { repositoryUrl, cacheBucketName, imageTagParameter, buildProjectName } = outputs;
    const repository = repositoryUrl!.slice(repositoryUrl!.indexOf("/") + 1);
    const put = (key: string) => `aws s3api put-object --bucket ${cacheBucketName} --key ${key}/pull-request`;
    return {
        "ecr:PutImage": `aws ecr put-image --repository-name ${repository} --image-tag put --image-manifest {}`,
        "ecr:InitiateLayerUpload": `aws ecr initiate-layer-upload --repository-name ${repository}`,
        push: `docker-buildx build --push --tag ${repositoryUrl}:stolen image`,
        "ssm:PutParameter": `aws ssm put-parameter --name ${imageTagParameter} --value stolen --overwrite`,
        "ssm:GetParameter": `aws ssm get-parameter --name ${imageTagParameter}`,
        "secretsmanager:GetSecretValue": `aws secretsmanager get-secret-value --secret-id ${secretName}`,
        "s3:PutObject/cache": put("cache"),
        "s3:PutObject/artifacts": put("artifacts"),
        "s3:PutObject/built": put(`built/${repository}`),
        "iam:PutRolePolicy": `aws iam put-role-policy --role-name ${RoleName} --policy-name mine --policy-document {}`,
        "iam:DeleteRolePermissionsBoundary": `aws iam delete-role-permissions-boundary --role-name ${RoleName}`,
        "codebuild:StartBuild": `aws codebuild start-build --project-name ${buildProjectName}`,
    };
}

/** Renders a buildspec that tries each command and prints whether it was denied; another failure counts as allowed. */
function attempts(registry: string, commands: Record<string, string>): string {
    const token = "aws ecr get-authorization-token --query authorizationData[0].authorizationToken --output text";
    const script = [
        "try() {",
        '  name=$1; shift; result="let through"',
        '  output=$("$@" 2>&1) || case "$output" in *"not authorized"* | *AccessDenied*) result=denied ;; esac',
        '  echo "$output"; echo "RESULT $name $result"',
        "}",
        "mkdir image; printf 'FROM scratch\\nCOPY Dockerfile /\\n' > image/Dockerfile",
        'mkdir -p "$DOCKER_CONFIG"',
        `printf '{"auths":{"${registry}":{"auth":"%s"}}}' "$(${token})" > "$DOCKER_CONFIG/config.json"`,
        'export BUILDX_BUILDER=$(docker-buildx create --bootstrap --driver remote "$BUILDKIT_ADDRESS")',
        ...Object.entries(commands).map(([name, command]) => `try '${name}' ${command}`),
    ].join("\n");
    return stringify({ version: 0.2, env: { shell: "bash" }, phases: { build: { commands: [script] } } });
}
