import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import {
    CodePipelineClient,
    GetPipelineCommand,
    GetPipelineExecutionCommand,
    GetPipelineStateCommand,
    ListActionExecutionsCommand,
    PutApprovalResultCommand,
    StartPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { type LogSink, runBuild, submitBuild } from "../../../local/aws/codebuild";
import { askGateway } from "../../../local/aws/gateway/askGateway";
import { waitFor } from "../../../local/machine/waitFor";
import { worldDirectory } from "../../../local/paths";
import { awsClients, engineWorld, type EngineWorld, TestStack, writeContext } from "../../support/engineWorld";
import { buildHost } from "../projectRun";
import { commitAll, makeApprover, makeInstance, makeRepository } from "./deliveryParts";

/** Names of the two environments; their stacks. */
const environments = ["delivery", "delivery-prod"] as const;
type Environment = (typeof environments)[number];

const connectionArn = "arn:aws:codeconnections:us-east-1:000000000000:connection/11111111-2222-3333-4444-555555555555";
const repository = "acme/shop";

/** Interval (milliseconds) between looks at an execution. */
const interval = 250;

/** Application whose tests fail when its code says so. */
const files = {
    Dockerfile: [
        "ARG BASE_REGISTRY",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS test",
        "COPY code /code",
        "RUN ! grep broken /code && mkdir /results && echo '<testsuite><testcase name=\"a\"/></testsuite>' > /results/junit.xml",
        "FROM scratch AS results",
        "COPY --from=test /results /",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl",
        "COPY --link code /code",
        "",
    ].join("\n"),
    code: "first",
};

/** Status of an execution of the pipeline, with the actions that ran in it. */
export interface Execution {
    status: string;
    /** Status of each action that ran, by stage and action. */
    actions: Record<string, string>;
    /** Errors of actions that failed. */
    errors: string;
}

/** Two environments of one application, with a pipeline from a commit to both. Instances only note what they were told to run. */
export class DeliveryWorld {
    engine!: EngineWorld;
    outputs!: Record<string, string>;
    /** Folder that stands for the repository. */
    source!: string;
    /** Client of somebody who has the policy of those who approve, and no other. */
    approver!: CodePipelineClient;
    /** Path of the application in the repository. */
    private context = "";
    /** Id of the execution that was started last. */
    lastExecution = "";
    private stacks: TestStack[] = [];
    private commits = 0;

    /** Makes the first environment, whose stack has the pipeline. */
    async start(): Promise<void> {
        this.engine = await engineWorld();
        const context = (this.context = await writeContext("delivery-app", files));
        this.source = makeRepository(context);
        await askGateway(this.engine.world, "connections", { connectionArn, repository, folder: this.source });
        this.outputs = await this.openEnvironment(environments[0], {
            delivery: {
                source: { connectionArn, repository },
                target: "ec2",
                promoteTo: [{ environment: environments[1], target: "ec2" }],
            },
        });
        this.approver = await makeApprover(this.engine, this.outputs.deliveryApprovalPolicy!);
    }

    /** Makes the second environment, to which the pipeline promotes. */
    async startSecond(): Promise<void> {
        await this.openEnvironment(environments[1], {
            image: { source: "digest" },
            imageDigest: this.outputs.imageDigest,
            repositoryName: this.outputs.repositoryUrl!.replace(/^[^/]*\//, ""),
            existingRepositories: true,
            deliveredBy: { environment: environments[0] },
        });
    }

    private async openEnvironment(name: Environment, settings: Record<string, unknown>) {
        const stack = await TestStack.open(this.engine, name, {
            images: [{ name: "app", context: this.context, testTarget: "results" }],
            hostFolder: path.join(worldDirectory(), name),
            ec2: { service: "app", composeFiles: ["app/docker-compose.prod.yml"] },
            ...settings,
        });
        this.stacks.push(stack);
        const outputs = (await stack.up()).outputs as Record<string, string>;
        const instance = { id: `i-000000000000000d${environments.indexOf(name)}`, environment: name };
        await makeInstance(this.engine, { ...instance, folder: this.hostFolder(name) }, outputs);
        return outputs;
    }

    async stop(): Promise<void> {
        for (const stack of this.stacks.reverse()) await stack.destroy();
        if (this.source !== undefined) fs.rmSync(this.source, { recursive: true });
    }

    get client(): CodePipelineClient {
        const { endpoint, region, accessKeyId, secretAccessKey } = this.engine.world;
        return new CodePipelineClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    }

    /** Makes a commit with other code. @returns its id */
    commit(code = `commit ${++this.commits}`): string {
        fs.writeFileSync(path.join(this.source, this.context, "code"), code);
        commitAll(this.source, code);
        return this.head();
    }

    /** Names the last commit. */
    head(): string {
        return execFileSync("git", ["-C", this.source, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
    }

    /** Finds the commit that an image was built from first. */
    async commitOf(imageDigest: string): Promise<string | undefined> {
        const repositoryName = this.outputs.repositoryUrl!.replace(/^[^/]*\//, "");
        const { imageDetails } = await awsClients(this.engine).ecr.send(
            new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] }),
        );
        const tag = imageDetails?.[0]?.imageTags?.find((one) => one.startsWith("git-"));
        return tag?.slice("git-".length);
    }

    /** Starts the pipeline. @returns the id of the execution */
    async begin(): Promise<string> {
        const start = new StartPipelineExecutionCommand({ name: this.outputs.deliveryPipelineName! });
        return (this.lastExecution = (await this.client.send(start)).pipelineExecutionId!);
    }

    /** Waits for the approval, and gives an answer as one who may do nothing else. @returns the text that was shown */
    async answer(id: string, status: "Approved" | "Rejected"): Promise<string> {
        const stageName = environments[1];
        const found = await waitFor(
            async () => {
                if (!(await this.isRunning(id))) throw new Error(JSON.stringify(await this.end(id)));
                const { stageStates } = await this.approver.send(
                    new GetPipelineStateCommand({ name: this.outputs.deliveryPipelineName! }),
                );
                const actions = stageStates?.find((one) => one.stageName === stageName)?.actionStates;
                const latest = actions?.find((one) => one.actionName === "Approve")?.latestExecution;
                return latest?.status === "InProgress" && latest.token !== undefined ? latest : undefined;
            },
            120_000,
            undefined,
            interval,
        );
        if (found === undefined) throw new Error("Nobody was asked for an approval.");
        const { actionExecutionDetails = [] } = await this.approver.send(
            new ListActionExecutionsCommand({
                pipelineName: this.outputs.deliveryPipelineName!,
                filter: { pipelineExecutionId: id },
            }),
        );
        const approval = actionExecutionDetails.find(({ actionName }) => actionName === "Approve");
        const shown = approval?.input?.resolvedConfiguration?.["CustomData"] ?? "";
        const result = { status, summary: "looked at it" };
        const command = { pipelineName: this.outputs.deliveryPipelineName!, stageName, actionName: "Approve" };
        await this.approver.send(new PutApprovalResultCommand({ ...command, token: found.token!, result }));
        return shown;
    }

    /** Reads the status of an execution. */
    async status(id: string): Promise<string> {
        const name = { pipelineName: this.outputs.deliveryPipelineName!, pipelineExecutionId: id };
        const { pipelineExecution } = await this.client.send(new GetPipelineExecutionCommand(name));
        return pipelineExecution?.status ?? "";
    }

    /** Reads the image that an execution built. */
    async imageOf(id: string): Promise<string> {
        const name = { pipelineName: this.outputs.deliveryPipelineName!, filter: { pipelineExecutionId: id } };
        const { actionExecutionDetails = [] } = await this.client.send(new ListActionExecutionsCommand(name));
        const build = actionExecutionDetails.find(({ actionName }) => actionName === "Build");
        return build?.output?.outputVariables?.["IMAGE_URI"] ?? "";
    }

    /** Runs the project that promotes to the second environment on an image, with the source of an earlier execution. */
    async promote(image: string): Promise<{ buildStatus: string; log: string }> {
        const { s3, codepipeline } = { s3: awsClients(this.engine).s3, codepipeline: this.client };
        const { pipeline } = await codepipeline.send(
            new GetPipelineCommand({ name: this.outputs.deliveryPipelineName! }),
        );
        const bucket = pipeline!.artifactStore!.location!;
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
        const source = { name: "Source", bucket, key: Contents[0]!.Key! };
        const host = buildHost(this.engine);
        const start = {
            projectName: `${this.outputs.deliveryPipelineName}-promote-${environments[1]}`,
            environmentVariablesOverride: [{ name: "IMAGE_URI", value: image }],
        };
        const lines: string[] = [];
        const sink: LogSink = {
            write: (added) => Promise.resolve(void lines.push(...added.map(({ text }) => text))),
            close: () => Promise.resolve(),
        };
        const submitted = await submitBuild(
            {
                start,
                sourceDirectory: this.source,
                initiator: "test",
                pipeline: { pipeline: pipeline!.name!, inputs: [source], outputs: [] },
            },
            host,
        );
        const { buildStatus } = await runBuild(submitted, host, [sink], new AbortController().signal);
        return { buildStatus, log: lines.join("\n") };
    }

    /** Tells whether an action of an execution runs. */
    async isActing(id: string, action: string): Promise<boolean> {
        const name = { pipelineName: this.outputs.deliveryPipelineName!, filter: { pipelineExecutionId: id } };
        const { actionExecutionDetails = [] } = await this.client.send(new ListActionExecutionsCommand(name));
        return actionExecutionDetails.some(
            ({ actionName, status }) => actionName === action && status === "InProgress",
        );
    }

    private async isRunning(id: string): Promise<boolean> {
        return ["InProgress", "Stopping"].includes(await this.status(id));
    }

    /** Waits for the end of an execution. */
    async end(id: string): Promise<Execution> {
        const name = { pipelineName: this.outputs.deliveryPipelineName! };
        if (
            !(await waitFor(async () => ((await this.isRunning(id)) ? undefined : true), 240_000, undefined, interval))
        ) {
            throw new Error("The execution does not end.");
        }
        const status = await this.status(id);
        const { actionExecutionDetails = [] } = await this.client.send(
            new ListActionExecutionsCommand({ ...name, filter: { pipelineExecutionId: id } }),
        );
        return {
            status,
            actions: Object.fromEntries(
                actionExecutionDetails
                    .reverse()
                    .map(({ stageName, actionName, status: one }) => [`${stageName}/${actionName}`, one ?? ""]),
            ),
            errors: actionExecutionDetails
                .map(({ output }) => output?.executionResult?.errorDetails?.message ?? "")
                .filter((text) => text !== "")
                .join("\n"),
        };
    }

    /** Reads the digest that an environment released last; undefined before its first release. */
    async live(environment: Environment): Promise<string | undefined> {
        const Name = `/cached-image-pipeline/${environment}/config/image-tag:live`;
        const answer = await awsClients(this.engine)
            .ssm.send(new GetParameterCommand({ Name }))
            .catch(() => undefined);
        return answer?.Parameter?.Value?.split("@")[1];
    }

    /** Makes releases of an environment fail their health check, or lets them pass. */
    refuseReleases(environment: Environment, refused: boolean): void {
        const file = path.join(this.hostFolder(environment), "refuses-all");
        if (refused) fs.writeFileSync(file, "");
        else fs.rmSync(file, { force: true });
    }

    /** Gives each image the findings of a scan. */
    async setFindings(...findings: { name: string; severity: string }[]): Promise<void> {
        const scan = { repository: this.outputs.repositoryUrl!.replace(/^[^/]*\//, ""), findings };
        await askGateway(this.engine.world, "scans", [scan]);
    }

    private hostFolder(environment: string): string {
        return path.join(worldDirectory(), `host-${environment}`);
    }
}
