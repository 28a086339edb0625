import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import {
    type ActionDeclaration,
    type ActionExecution,
    CreatePipelineCommand,
    GetPipelineExecutionCommand,
    GetPipelineStateCommand,
    ListActionExecutionsCommand,
    type PipelineDeclaration,
    PutApprovalResultCommand,
    StartPipelineExecutionCommand,
    type StartPipelineExecutionInput,
} from "@aws-sdk/client-codepipeline";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import type { PipelineBuild } from "../../../../local/aws/codebuild/pipelineBuild";
import { waitFor } from "../../../../local/machine/waitFor";
import { policy, startWorld, type World } from "../gateway/world";

/** Account, bucket and connection of the tests. */
export const accountId = "000000000000";
export const bucket = "artifacts";
export const connectionArn = `arn:aws:codeconnections:us-east-1:${accountId}:connection/1`;

/**
 * Program in place of the one that runs builds. Builds of project "fails" fail; those of a project whose name begins with "slow" wait
 * until they are stopped or the file `release` exists; others succeed. They export IMAGE and the variables that they were given.
 */
const program = `
    const fs = require("node:fs"), path = require("node:path");
    const folder = process.argv[1];
    const { start, initiator, pipeline } = JSON.parse(fs.readFileSync(0, "utf8"));
    if (pipeline === undefined) {
        console.log(JSON.stringify({ code: "InvalidInputException", message: "no ticket" }));
        process.exit();
    }
    fs.mkdirSync(folder, { recursive: true });
    const uuid = require("node:crypto").randomUUID();
    const file = (extension) => path.join(folder, uuid + "." + extension);
    const stat = fs.readFileSync("/proc/self/stat", "utf8");
    const runner = { pid: process.pid, startTime: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]) };
    const build = {
        id: start.projectName + ":" + uuid, arn: "arn", buildNumber: 1, projectName: start.projectName, initiator, startTime: 1,
        buildStatus: "IN_PROGRESS", buildComplete: false, phases: [], pipeline,
    };
    const write = () => {
        fs.writeFileSync(file("new"), JSON.stringify({ runner, build }));
        fs.renameSync(file("new"), file("json"));
    };
    const end = (status) => {
        build.buildStatus = status;
        build.buildComplete = true;
        const contexts = [{ statusCode: "COMMAND_EXECUTION_ERROR", message: "exit status 1" }];
        if (status === "FAILED") build.phases = [{ phaseType: "BUILD", phaseStatus: "FAILED", contexts }];
        build.exportedEnvironmentVariables = [{ name: "IMAGE", value: start.projectName + "@sha256:1" }, ...start.environmentVariablesOverride];
        write();
    };
    write();
    console.log(JSON.stringify({ build }));
    const wait = setInterval(() => {
        if (fs.existsSync(file("stop"))) end("STOPPED");
        else if (!start.projectName.startsWith("slow")) end(start.projectName === "fails" ? "FAILED" : "SUCCEEDED");
        else if (fs.existsSync(path.join(folder, "release"))) end("SUCCEEDED");
        if (build.buildComplete) clearInterval(wait);
    }, 20);
`;

/** Makes a statement that allows actions. */
export function allow(Action: string | string[], Resource: string | string[] = "*"): object {
    return { Effect: "Allow", Action, Resource };
}

/** Makes the ARN of a role. */
export function roleArn(name: string): string {
    return `arn:aws:iam::${accountId}:role/${name}`;
}

/** Makes a source action of the tests' connection. */
export function sourceAction(name = "Source"): ActionDeclaration {
    return {
        name,
        actionTypeId: { category: "Source", owner: "AWS", provider: "CodeStarSourceConnection", version: "1" },
        configuration: { ConnectionArn: connectionArn, FullRepositoryId: "team/app", BranchName: "main" },
        outputArtifacts: [{ name: "Source" }],
        namespace: "source",
        roleArn: roleArn("action"),
    };
}

/** Makes a CodeBuild action. */
export function buildAction(
    name: string,
    ProjectName: string,
    more: Partial<ActionDeclaration> = {},
): ActionDeclaration {
    const { configuration, ...rest } = more;
    return {
        name,
        actionTypeId: { category: "Build", owner: "AWS", provider: "CodeBuild", version: "1" },
        configuration: { ProjectName, ...configuration },
        inputArtifacts: [{ name: "Source" }],
        roleArn: roleArn("action"),
        ...rest,
    };
}

/** Makes an approval action. */
export function approvalAction(name: string, configuration: Record<string, string> = {}): ActionDeclaration {
    const actionTypeId = { category: "Approval", owner: "AWS", provider: "Manual", version: "1" } as const;
    return { name, actionTypeId, configuration };
}

/** Gateway with a bucket, a repository behind a connection, and the roles `pipeline` and `action`, which may do all. */
export class PipelineWorld {
    gateway!: World;
    /** Folder that stands for the repository. */
    repository!: string;
    private pipelines = 0;

    async start(): Promise<void> {
        this.gateway = await startWorld(program);
        await this.gateway.admin.s3.send(new CreateBucketCommand({ Bucket: bucket }));
        this.repository = path.join(this.gateway.state, "repository");
        fs.mkdirSync(this.repository);
        this.git("init", "--quiet", "--initial-branch", "main");
        this.commit("first");
        await this.gateway.ask("connections", { connectionArn, repository: "team/app", folder: this.repository });
        const service = { Service: "codepipeline.amazonaws.com" };
        await this.role("pipeline", service, [allow("sts:AssumeRole", roleArn("*"))]);
        await this.role("action", { AWS: roleArn("pipeline") }, [allow("*")]);
    }

    async stop(): Promise<void> {
        await this.gateway.stop();
    }

    get client() {
        return this.gateway.admin.codepipeline;
    }

    /** Makes a role. */
    async role(RoleName: string, Principal: object, statements: object[], Condition?: object): Promise<void> {
        const { iam } = this.gateway.admin;
        const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal, Condition };
        await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy([trust]) }));
        if (statements.length === 0) return;
        const PolicyDocument = policy(statements);
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "p", PolicyDocument }));
    }

    /** Lets the builds of projects whose names begin with "slow" end, while the function runs. */
    async released<T>(use: () => Promise<T>): Promise<T> {
        const file = path.join(this.gateway.state, "builds", "release");
        fs.writeFileSync(file, "");
        return use().finally(() => fs.rmSync(file));
    }

    /** Reads the record of a build, with the part that only the pipeline knows. */
    build(id = ""): { initiator: string; buildStatus: string; pipeline: PipelineBuild; exported: string[] } {
        const file = path.join(this.gateway.state, "builds", `${id.split(":")[1]}.json`);
        const { build } = JSON.parse(fs.readFileSync(file, "utf8")) as {
            build: ReturnType<PipelineWorld["build"]> & {
                exportedEnvironmentVariables?: { name: string; value: string }[];
            };
        };
        const exported = (build.exportedEnvironmentVariables ?? []).map(({ name, value }) => `${name}=${value}`);
        return { ...build, exported };
    }

    git(...args: string[]): string {
        const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
        const command = ["-C", this.repository, ...identity, ...args];
        return execFileSync("git", command, { encoding: "utf8", stdio: "pipe" }).trim();
    }

    /** Commits a file whose content is the message. @returns the commit */
    commit(message: string): string {
        fs.writeFileSync(path.join(this.repository, "file"), message);
        this.git("add", ".");
        this.git("commit", "--quiet", "-m", message);
        return this.git("rev-parse", "HEAD");
    }

    /** Declares a pipeline with a source stage and the given ones. @returns its name */
    async pipeline(
        stages: Record<string, ActionDeclaration[]>,
        more: Partial<PipelineDeclaration> = {},
    ): Promise<string> {
        const pipeline: PipelineDeclaration = {
            name: `pipeline-${++this.pipelines}`,
            roleArn: roleArn("pipeline"),
            pipelineType: "V2",
            artifactStore: { type: "S3", location: bucket },
            stages: [
                { name: "Source", actions: [sourceAction()] },
                ...Object.entries(stages).map(([name, actions]) => ({ name, actions })),
            ],
            ...more,
        };
        await this.client.send(new CreatePipelineCommand({ pipeline }));
        return pipeline.name!;
    }

    /** Starts an execution. @returns its id */
    async execute(name: string, input: Partial<StartPipelineExecutionInput> = {}): Promise<string> {
        const { pipelineExecutionId } = await this.client.send(new StartPipelineExecutionCommand({ name, ...input }));
        return pipelineExecutionId!;
    }

    /** Waits until an execution has a status. */
    async until(pipelineName: string, pipelineExecutionId: string, status: string): Promise<void> {
        const command = () => new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId });
        let last: string | undefined;
        const reached = await waitFor(async () => {
            last = (await this.client.send(command())).pipelineExecution?.status;
            return last === status ? true : undefined;
        }, 20_000);
        if (reached === undefined) {
            const actions = JSON.stringify(await this.actions(pipelineName, pipelineExecutionId));
            throw new Error(`${pipelineExecutionId} is ${last}, not ${status}: ${actions}`);
        }
    }

    /** Waits until the last run of an action has a status. */
    async untilAction(pipeline: string, action: string, status: string): Promise<ActionExecution> {
        const found = await waitFor(async () => {
            const { stageStates = [] } = await this.client.send(new GetPipelineStateCommand({ name: pipeline }));
            const states = stageStates.flatMap(({ actionStates = [] }) => actionStates);
            const latest = states.find(({ actionName }) => actionName === action)?.latestExecution;
            const isReady = latest?.status === status && (status !== "InProgress" || isBegun(latest));
            return isReady ? latest : undefined;
        }, 20_000);
        if (found === undefined) throw new Error(`${action} of ${pipeline} is not ${status}.`);
        return found;
    }

    /** Waits until exactly these executions wait before a stage. */
    async untilInbound(name: string, stage: string, ids: string[]): Promise<void> {
        let found: (string | undefined)[] = [];
        const reached = await waitFor(async () => {
            const { stageStates = [] } = await this.client.send(new GetPipelineStateCommand({ name }));
            const state = stageStates.find(({ stageName }) => stageName === stage);
            found = (state?.inboundExecutions ?? []).map(({ pipelineExecutionId }) => pipelineExecutionId);
            return ids.every((id) => found.includes(id)) && found.length === ids.length ? true : undefined;
        }, 10_000);
        if (!reached) throw new Error(`${found.join()} wait before ${stage}, not ${ids.join()}.`);
    }

    /** Answers the open approval of an action. */
    async answer(pipelineName: string, stageName: string, actionName: string, status: "Approved" | "Rejected") {
        const { token } = await this.untilAction(pipelineName, actionName, "InProgress");
        const result = { status, summary: `${status} by the test` };
        await this.client.send(new PutApprovalResultCommand({ pipelineName, stageName, actionName, result, token }));
    }

    /** Lists the runs of an execution's actions in the order of their starts: action, status and error. */
    async actions(pipelineName: string, pipelineExecutionId: string): Promise<string[][]> {
        const filter = { pipelineExecutionId };
        const command = new ListActionExecutionsCommand({ pipelineName, filter });
        const { actionExecutionDetails = [] } = await this.client.send(command);
        return actionExecutionDetails.reverse().map(({ actionName = "", status = "", output }) => {
            const message = output?.executionResult?.errorDetails?.message;
            return [actionName, status, ...(message === undefined ? [] : [message])];
        });
    }
}

/** Tells whether a run of a build or approval can be stopped or answered. */
function isBegun({ token, externalExecutionId }: ActionExecution): boolean {
    return token !== undefined || externalExecutionId !== undefined;
}

/** Makes a world for the suite that calls this. */
export function usePipelineWorld(): PipelineWorld {
    const world = new PipelineWorld();
    before(async function () {
        this.timeout(60_000);
        await world.start();
    });
    after(() => world.stop());
    return world;
}
