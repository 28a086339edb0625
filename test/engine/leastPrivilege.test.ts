import assert from "node:assert/strict";
import { CreateRepositoryCommand, DeleteRepositoryCommand } from "@aws-sdk/client-ecr";
import { GetRolePolicyCommand, ListRolePoliciesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { stringify } from "yaml";
import { readAccessLog } from "../support/accessLog";
import { awsClients, engineWorld, type EngineWorld, TestStack, writeContext } from "../support/engineWorld";
import { type Run, type RunOptions, runProject } from "./projectRun";

interface Statement {
    Sid: string;
    Action: string | string[];
}

/** Files of an image with a base, tests and a build secret. */
const files = {
    Dockerfile: [
        "ARG BASE_REGISTRY",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS test",
        "COPY code /code",
        "RUN --mount=type=secret,id=npm,required=true mkdir /results && " +
            "echo '<testsuite><testcase name=\"a\"/></testsuite>' > /results/junit.xml",
        "FROM scratch AS results",
        "COPY --from=test /results /",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl",
        "RUN --mount=type=secret,id=npm,required=true true",
        "COPY --link code /code",
        "",
    ].join("\n"),
    code: "1",
};

/** Buildspec that keeps a folder. */
const cachingBuildspec = stringify({
    version: "0.2",
    phases: {
        build: { commands: ["mkdir -p kept && date > kept/file && mkdir build-results && touch build-results/a"] },
    },
    artifacts: { "base-directory": "build-results", files: ["a"] },
    cache: { paths: ["kept/**/*"], key: "one" },
});

/** Ways through the project's builds. */
const paths = {
    build: (count: number): RunOptions => ({ changed: { "privilege-app/code": `changed ${count}` } }),
    adopt: (): RunOptions => ({}),
    keep: (): RunOptions => ({ buildspec: cachingBuildspec }),
};

/** Path that needs each statement. */
const needed: Record<string, keyof typeof paths> = {
    LogIn: "build",
    PushImagesAndCache: "build",
    PullBaseImages: "build",
    WriteLog: "adopt",
    ReportTests: "build",
    ReadBuildTools: "adopt",
    ProveBuilds: "build",
    ReadBuildSecrets: "build",
    DeliverArtifacts: "adopt",
    KeepCachedFolders: "keep",
    FindCachedFolders: "keep",
};

/** Actions that no build here uses, with their users on AWS. */
const unused = {
    "ecr:BatchImportUpstreamImage": "the first pull of an image through a pull-through cache",
    "ecr:CreateRepository": "the same",
    "ecr:UploadLayerPart": "a push to ECR; BuildKit brings a layer with the request that completes it",
    "s3:GetBucketAcl": "CodeBuild, before it delivers artifacts",
    "s3:GetBucketLocation": "the same",
};

describe("the role of builds", function () {
    this.timeout(300_000);
    let engine: EngineWorld;
    let outputs: Record<string, string>;
    let RoleName: string;
    let PolicyName: string;
    let statements: Statement[];
    let builds = 0;

    before(async () => {
        engine = await engineWorld();
        const { iam, secretsManager } = awsClients(engine);
        for (const Name of ["privilege/npm", "privilege/other"]) {
            await secretsManager.send(new CreateSecretCommand({ Name, SecretString: "value" }));
        }
        const images = [{ name: "app", context: await writeContext("privilege-app", files), testTarget: "results" }];
        const stack = await TestStack.open(engine, "privilege", { images, buildSecrets: { npm: "privilege/npm" } });
        outputs = (await stack.up()).outputs as Record<string, string>;
        RoleName = outputs.buildRoleArn!.split("/").pop()!;
        PolicyName = (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames![0]!;
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        statements = (JSON.parse(decodeURIComponent(PolicyDocument!)) as { Statement: Statement[] }).Statement;
    });

    const run = (path: keyof typeof paths): Promise<Run> => runProject(engine, outputs, paths[path](++builds));

    async function allow(list: Statement[]): Promise<void> {
        const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: list });
        await awsClients(engine).iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    }

    it("suffices for every way, and each of its actions is used by one", async () => {
        const since = (await readAccessLog()).length;
        for (const path of Object.keys(paths) as (keyof typeof paths)[]) {
            // A kept folder is written by one build and read by the next.
            for (const { succeeded, log } of [await run(path), await run(path)]) assert.ok(succeeded, log);
        }
        const used = (await readAccessLog()).slice(since).filter(({ principal }) => principal.includes(RoleName));
        const allowed = statements.flatMap(({ Action }) => Action);
        assert.deepEqual(
            allowed.filter((action) => !used.some((one) => one.action === action && one.allowed)).sort(),
            Object.keys(unused),
        );
    });

    it("has no statement that is not walked here", () => {
        assert.deepEqual(statements.map(({ Sid }) => Sid).sort(), Object.keys(needed).sort());
    });

    for (const [sid, path] of Object.entries(needed)) {
        it(`fails to ${path} without ${sid}`, async () => {
            await allow(statements.filter(({ Sid }) => Sid !== sid));
            try {
                const { succeeded, log } = await run(path);
                assert.equal(succeeded, false);
                const { Action } = statements.find(({ Sid }) => Sid === sid)!;
                const named = new RegExp(`not authorized to perform:? (${[Action].flat().join("|")})`);
                assert.match(log, path === "build" ? /403 Forbidden|not authorized to perform/ : named);
            } finally {
                await allow(statements);
            }
        });
    }

    it("is denied everything else", async () => {
        const { ecr } = awsClients(engine);
        const repositoryName = "privilege-other";
        await ecr.send(new CreateRepositoryCommand({ repositoryName }));
        try {
            const own = outputs.repositoryUrl!.slice(outputs.repositoryUrl!.indexOf("/") + 1);
            const bucket = outputs.cacheBucketName!;
            const trust = "arn:aws:iam::aws:policy/AdministratorAccess";
            const commands: Record<string, string> = {
                "another repository": `aws ecr batch-get-image --repository-name ${repositoryName} --image-ids imageTag=a`,
                "a push to another repository": `aws ecr initiate-layer-upload --repository-name ${repositoryName}`,
                "deleting images": `aws ecr batch-delete-image --repository-name ${own} --image-ids imageTag=${outputs.imageTag}`,
                "the tag rules": `aws ecr put-image-tag-mutability --repository-name ${own} --image-tag-mutability MUTABLE`,
                "the release": `aws ssm get-parameter --name ${outputs.imageTagParameter}`,
                "changing the release": `aws ssm put-parameter --name ${outputs.imageTagParameter} --value x --overwrite`,
                "another secret": "aws secretsmanager get-secret-value --secret-id privilege/other",
                "the tools of builds": `aws s3api put-object --bucket ${bucket} --key build-tools/own.js`,
                "a proof for another repository": `aws s3api put-object --bucket ${bucket} --key built/${repositoryName}/src-1`,
                "another prefix": `aws s3api put-object --bucket ${bucket} --key other/file`,
                "reading artifacts": `aws s3api get-object --bucket ${bucket} --key artifacts/x /dev/null`,
                "listing the bucket": `aws s3api list-objects-v2 --bucket ${bucket}`,
                "more rights": `aws iam attach-role-policy --role-name ${RoleName} --policy-arn ${trust}`,
                "other builds": `aws codebuild start-build --project-name ${outputs.buildProjectName}`,
                "other logs": "aws logs create-log-stream --log-group-name /aws/other --log-stream-name a",
            };
            const check = [
                "check() {",
                '  if output=$("${@:2}" 2>&1); then echo "ALLOWED $1"',
                '  elif [[ "$output" == *AccessDenied* || "$output" == *"not authorized"* ]]; then echo "DENIED $1"',
                '  else echo "FAILED $1: $output"; fi',
                "}",
            ].join("\n");
            const lines = Object.entries(commands).map(([what, command]) => `check '${what}' ${command}`);
            const buildspec = stringify({
                version: "0.2",
                env: { shell: "bash" },
                phases: { build: { commands: [check, ...lines, "mkdir build-results && touch build-results/a"] } },
                artifacts: { "base-directory": "build-results", files: ["a"] },
            });
            const { log } = await runProject(engine, outputs, { buildspec });
            const answers = log.split("\n").filter((line) => /^(ALLOWED|DENIED|FAILED) /.test(line));
            assert.deepEqual(
                answers,
                Object.keys(commands).map((what) => `DENIED ${what}`),
            );
        } finally {
            await ecr.send(new DeleteRepositoryCommand({ repositoryName }));
        }
    });
});
