import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient, CreateProjectCommand, type CreateProjectCommandInput } from "@aws-sdk/client-codebuild";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import {
    type BuildHost,
    type BuildRecord,
    type BuildRequest,
    openHost,
    runBuild,
    submitBuild,
} from "../../../../local/aws/codebuild";
import type { LogLine, LogSink } from "../../../../local/aws/codebuild/logs";
import { startWorld, stopWorld } from "../../../../local/world/services";
import { ensureToolchain } from "../../../../local/world/toolchain";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";

const variable = "CACHED_IMAGE_PIPELINE_WORLD";

/** Region, account and bucket of the tests. */
export const [region, accountId, bucket] = ["us-east-1", "000000000000", "codebuild-tests"];

/** Build that ended. */
export interface Built {
    build: BuildRecord;
    /** Log, as it is shown. */
    log: string;
}

/** Differences of a project from one that only runs commands. */
export type ProjectSettings = Partial<CreateProjectCommandInput> & {
    /** Permissions of the role besides writing its log. @default nothing */
    statements?: object[];
    /** All permissions of the role. @default the log and `statements` */
    onlyStatements?: object[];
};

/** Environment of a project that only runs commands. */
export const plainEnvironment = {
    type: "LINUX_CONTAINER",
    computeType: "BUILD_GENERAL1_SMALL",
    image: "image",
} as const;

/** Makes a statement that allows its principal actions. */
export function allow(actions: string | string[], resources: string | string[], condition?: object): object {
    return { Effect: "Allow", Action: actions, Resource: resources, ...(condition && { Condition: condition }) };
}

/** Makes a statement that allows writing a log. */
export function mayWriteLog(project: string): object {
    const group = `arn:aws:logs:${region}:${accountId}:log-group:/aws/codebuild/${project}`;
    return allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], [group, `${group}:*`]);
}

/** Offline world in which builds run. Starts and stops with the suite that calls {@link useCodeBuildWorld}. */
export class CodeBuildWorld {
    host!: BuildHost;
    folder!: string;
    private projects = 0;
    private before: string | undefined;

    async start(): Promise<void> {
        this.folder = await makeTemporaryFolder();
        this.before = process.env[variable];
        process.env[variable] = path.join(this.folder, "world");
        const toolchain = await ensureToolchain(() => undefined);
        await startWorld(toolchain, () => undefined);
        this.host = await openHost(() => undefined);
        await this.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    }

    async stop(): Promise<void> {
        await stopWorld();
        if (this.before === undefined) delete process.env[variable];
        else process.env[variable] = this.before;
        await fs.rm(this.folder, { recursive: true });
    }

    /** Settings of AWS clients that act as the administrator. */
    get settings() {
        const { endpoint, accessKeyId, secretAccessKey } = this.host.world;
        return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    }

    get codebuild() {
        return new CodeBuildClient(this.settings);
    }

    get iam() {
        return new IAMClient(this.settings);
    }

    get s3() {
        return new S3Client({ ...this.settings, forcePathStyle: true });
    }

    get ssm() {
        return new SSMClient(this.settings);
    }

    get secretsManager() {
        return new SecretsManagerClient(this.settings);
    }

    /** Declares a project with a role of its own. @returns its name */
    async project({ statements = [], onlyStatements, ...settings }: ProjectSettings = {}): Promise<string> {
        const name = settings.name ?? `project-${++this.projects}`;
        await this.role(name, onlyStatements ?? [mayWriteLog(name), ...statements]);
        await this.codebuild.send(
            new CreateProjectCommand({
                source: { type: "NO_SOURCE" },
                artifacts: { type: "NO_ARTIFACTS" },
                environment: plainEnvironment,
                ...settings,
                name,
                serviceRole: settings.serviceRole ?? roleArn(name),
            }),
        );
        return name;
    }

    /** Makes the role of a project, which CodeBuild may assume for that project only. */
    async role(name: string, statements: object[]): Promise<void> {
        const sourceArn = `arn:aws:codebuild:${region}:${accountId}:project/${name}`;
        const trust = {
            Effect: "Allow",
            Principal: { Service: "codebuild.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceArn": sourceArn, "aws:SourceAccount": accountId } },
        };
        const document = (list: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: list });
        await this.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document([trust]) }));
        await this.allowRole(name, statements);
    }

    /** Replaces the permissions of a role. */
    async allowRole(name: string, statements: object[]): Promise<void> {
        const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
        await this.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "policy", PolicyDocument }));
    }

    /** Writes a source folder. */
    async source(files: Record<string, string>): Promise<string> {
        const folder = await fs.mkdtemp(path.join(this.folder, "source-"));
        for (const [name, content] of Object.entries(files)) {
            await fs.mkdir(path.dirname(path.join(folder, name)), { recursive: true });
            await fs.writeFile(path.join(folder, name), content);
        }
        return folder;
    }

    /** Runs a build of a project. @param request differences from a build of an empty source */
    async build(
        projectName: string,
        request: Partial<Omit<BuildRequest, "start">> & { start?: Partial<BuildRequest["start"]> } = {},
        signal: AbortSignal = new AbortController().signal,
    ): Promise<Built> {
        const sourceDirectory = request.sourceDirectory ?? (await this.source({}));
        const complete = { initiator: "root", ...request, sourceDirectory, start: { ...request.start, projectName } };
        const lines: string[] = [];
        const sink: LogSink = {
            write: (added: LogLine[]) => Promise.resolve(void lines.push(...added.map(({ text }) => text))),
            close: () => Promise.resolve(),
        };
        const build = await runBuild(await submitBuild(complete, this.host), this.host, [sink], signal);
        return { build, log: lines.join("\n") };
    }

    /** Runs commands as the build phase of a project. */
    async commands(project: string, commands: string[], env: object = {}): Promise<Built> {
        return this.build(project, { start: { buildspecOverride: buildspec({ build: { commands } }, { env }) } });
    }

    /** Reads the log of a build from CloudWatch Logs. */
    async cloudWatchLog({ logs }: BuildRecord): Promise<string> {
        const { groupName: logGroupName, streamName: logStreamName } = logs ?? {};
        const client = new CloudWatchLogsClient(this.settings);
        const input = { logGroupName, logStreamName, startFromHead: true };
        const { events = [] } = await client.send(new GetLogEventsCommand(input));
        return events.map(({ message }) => message).join("");
    }

    /** Lists the keys of all objects with a prefix. */
    async keys(Prefix: string): Promise<string[]> {
        const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
        return Contents.map(({ Key = "" }) => Key).sort();
    }

    /** Reads the content of an object. */
    async object(Key: string): Promise<Buffer> {
        const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
    }
}

/** Makes a world for the suite that calls this. */
export function useCodeBuildWorld(): CodeBuildWorld {
    const world = new CodeBuildWorld();
    before(async function () {
        this.timeout(120_000);
        await world.start();
    });
    after(async function () {
        this.timeout(60_000);
        await world.stop();
    });
    return world;
}

/** Makes the ARN of a role. */
export function roleArn(name: string): string {
    return `arn:aws:iam::${accountId}:role/${name}`;
}

/** Renders a buildspec. */
export function buildspec(phases: object, rest: object = {}): string {
    return `${JSON.stringify({ version: "0.2", phases, ...rest }, undefined, 1)}\n`;
}

/** Lists the phases of a build with their states, and the message of the failed one. */
export function outcome({ buildStatus, phases }: BuildRecord): { status: string; failed: string[]; message: string } {
    const failed = phases.filter(({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== "SUCCEEDED");
    return {
        status: buildStatus,
        failed: failed.map(({ phaseType }) => phaseType),
        message: failed.flatMap(({ contexts = [] }) => contexts.map(({ message }) => message)).join("\n"),
    };
}
