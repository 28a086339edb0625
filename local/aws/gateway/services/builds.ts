import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Project } from "@aws-sdk/client-codebuild";
import type { BuildRecord } from "../../codebuild/buildRecord";
import type { BuildStore } from "../../codebuild/buildStore";
import { exceededLimit } from "../../codebuild/projectLimits";
import type { StartReply, StartRequest } from "../../codebuild/startBuild";
import type { BuildTickets } from "../../pipeline/buildTickets";
import { RequestError } from "../../requestError";
import type { ApiCall } from "../call/apiRequest";
import { type CallHandler, jsonAnswer } from "../call/callHandler";
import type { Answer } from "../http/messages";
import type { Principals } from "../iam/principals";

/** Parts of the gateway that serve calls about builds. */
export interface BuildContext {
    /** Executable and arguments of the program that runs a build. */
    configuration: { buildRunner: [string, ...string[]] };
    /** Owners of access keys. */
    principals: Principals;
    /** Builds of CodeBuild. */
    builds: BuildStore;
    /** Builds that pipelines are about to start. */
    buildTickets: BuildTickets;
}

/** Time (milliseconds) that StopBuild waits for the build to end, and the interval between its looks. */
const stopping = { deadline: 10_000, interval: 100 };

/** Operations that cannot work offline, with the remedy for each. */
const refused: Record<string, string> = {
    "codebuild:BatchDeleteBuilds": "Builds are deleted with the world.",
    "codebuild:RetryBuild": "Start the build again.",
    "codebuild:RetryBuildBatch": "Run the batch again.",
    "codebuild:StartBuildBatch": "Run it with npm run codebuild -- --batch.",
    "codebuild:StopBuildBatch": "Interrupt the command that runs it.",
};

/** Handlers of the calls about CodeBuild's builds, which the emulator only pretends to run, and checks of calls about projects. */
export const buildCalls: Record<string, CallHandler<BuildContext>> = {
    "codebuild:CreateProject": refuseLargeProject,
    "codebuild:UpdateProject": refuseLargeProject,
    "codebuild:StartBuild": startBuild,
    "codebuild:StopBuild": stopBuild,
    "codebuild:BatchGetBuilds": async ({ members }, { builds }) => {
        const ids = members.ids as string[];
        const found = await Promise.all(ids.map((id) => builds.read(idOf(id))));
        return jsonAnswer({
            builds: found.filter((build) => build !== undefined),
            buildsNotFound: ids.filter((_, index) => found[index] === undefined),
        });
    },
    "codebuild:ListBuilds": async ({ members }, { builds }) => list(await builds.list(), members),
    "codebuild:ListBuildsForProject": async ({ members }, { builds }) =>
        list(await builds.list(String(members.projectName)), members),
    ...Object.fromEntries(
        Object.entries(refused).map(([action, instead]): [string, CallHandler<BuildContext>] => [
            action,
            () => {
                throw invalid(`${action.split(":")[1]} is not served offline. ${instead}`);
            },
        ]),
    ),
};

/** Starts a process that runs the build and outlives the gateway; its first line is the reply to the request. */
async function startBuild(call: ApiCall, context: BuildContext): Promise<Answer> {
    const [executable, ...args] = context.configuration.buildRunner;
    const child = spawn(executable, args, { detached: true, stdio: ["pipe", "pipe", "inherit"] });
    await once(child, "spawn");
    const pipeline = context.buildTickets.redeem(call.members.idempotencyToken);
    const caller = context.principals.of(call.accessKeyId).arn.replace(/^.*[:/]/, "");
    const initiator = pipeline === undefined ? caller : `codepipeline/${pipeline.pipeline}`;
    child.stdin.end(JSON.stringify({ start: call.members, initiator, pipeline } satisfies StartRequest));
    const line = await firstLine(child.stdout);
    child.unref();
    if (line === undefined)
        throw new Error("The process that runs a build ended before it said so; its error is above.");
    const reply = JSON.parse(line) as StartReply;
    if ("build" in reply) return jsonAnswer(reply);
    throw new RequestError(reply.code, reply.message);
}

/** Leaves a project to the emulator. @throws RequestError for one beyond CodeBuild's limits */
function refuseLargeProject({ members }: ApiCall): undefined {
    const { environment, source } = members as Partial<Project>;
    const { environmentVariables } = environment ?? {};
    const exceeded = exceededLimit({ environmentVariables, buildspec: source?.buildspec });
    if (exceeded !== undefined) throw invalid(exceeded);
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string | undefined> {
    for await (const line of createInterface({ input: stream })) return line;
    return undefined;
}

/** Stops a build and answers with its final record, or with the present one when it does not end in time. */
async function stopBuild(call: ApiCall, { builds }: BuildContext): Promise<Answer> {
    const id = idOf(String(call.members.id));
    let build = await builds.read(id);
    if (build === undefined) throw new RequestError("ResourceNotFoundException", `Build not found: ${id}`);
    if (!build.buildComplete) await builds.requestStop(id);
    for (const end = Date.now() + stopping.deadline; !build?.buildComplete && Date.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, stopping.interval));
        build = await builds.read(id);
    }
    return jsonAnswer({ build });
}

function list(builds: BuildRecord[], { sortOrder }: Record<string, unknown>): Answer {
    const ids = builds.map(({ id }) => id);
    return jsonAnswer({ ids: sortOrder === "ASCENDING" ? ids.reverse() : ids });
}

/** Cuts the id out of a build's ARN; the API takes both. */
function idOf(idOrArn: string): string {
    return idOrArn.replace(/^arn:.*:build\//, "");
}

function invalid(message: string): RequestError {
    return new RequestError("InvalidInputException", message);
}
