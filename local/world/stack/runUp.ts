import { CommandError, type EngineEvent, type OutputMap, type Stack } from "@pulumi/pulumi/automation";
import type { World } from "../services";
import { type HistoryReader, readBuilds, type RecordedBuild } from "./buildHistory";
import type { ImageSummary } from "./lastRun";
import type { TrafficReading } from "../../aws/gateway/registry/traffic";
import { readTraffic, trafficOf } from "./traffic";
import { untilRejected } from "./untilRejected";
import { type Changes, UpdateLog } from "./updateLog";

/** Update of the stack, with its cost. */
export interface UpResult {
    changes: Changes;
    /** Outputs of the stack, secrets left out. */
    outputs: Record<string, unknown>;
    images: ImageSummary[];
    /** Duration of the update. */
    seconds: number;
}

/** Error of an update with the engine's own message instead of its whole output. */
class UpdateFailed extends Error {}

/** Outputs of one image that the summary needs. */
interface ImageOutputs {
    repositoryUrl: string;
    imageDigest: string;
    imageTag?: string;
}

/**
 * Runs `pulumi up` and measures it: builds as BuildKit recorded them, bytes as the registry counts them.
 *
 * @param report function that takes a line for each event
 * @throws UpdateFailed with the engine's errors, one a line; one sentence when BuildKit's history lacks a build
 */
export async function runUp(
    stack: Stack,
    services: HistoryReader & { world: World },
    report: (line: string) => void,
    signal?: AbortSignal,
): Promise<UpResult> {
    const started = Date.now();
    const before = await readTraffic(services.world);
    const { log, outputs } = await update(stack, report, signal);
    const seconds = (Date.now() - started) / 1000;
    const after = await readTraffic(services.world);
    const images = Object.entries(outputs.images as Record<string, ImageOutputs>);
    const repositories = images.map(([, { repositoryUrl }]) => repositoryUrl);
    const builds = await readBuilds({ since: started, repositories, number: log.builds }, services, signal);
    return {
        changes: log.changes,
        outputs,
        images: images.map(([name, image]) => summaryOf(name, image, builds, { before, after })),
        seconds,
    };
}

/**
 * Runs `pulumi up`.
 *
 * @param report function that takes a line for each event
 * @returns the engine's events, and the stack's outputs, secrets left out
 * @throws UpdateFailed with the engine's errors, one a line, or with the reason of a rejection that the program did not handle
 */
export async function update(
    stack: Stack,
    report: (line: string) => void,
    signal?: AbortSignal,
): Promise<{ log: UpdateLog; outputs: Record<string, unknown> }> {
    const log = new UpdateLog(report);
    const onEvent = (event: EngineEvent) => log.add(event);
    await untilRejected(signal, (ending) =>
        withoutQuestions(stack).up({ onEvent, signal: ending, suppressProgress: true }),
    ).catch((error: Error) => {
        throw new UpdateFailed(
            error instanceof CommandError && log.errors.length > 0 ? log.errors.join("\n") : error.message,
        );
    });
    return { log, outputs: log.outputs };
}

/** Keeps the SDK from asking the CLI for outputs and history after an update, three processes; the engine's events hold both. */
function withoutQuestions(stack: Stack): Stack {
    const answers = { outputs: () => Promise.resolve({}), info: () => Promise.resolve(undefined) };
    return Object.assign(Object.create(stack) as Stack, answers);
}

/** Sums up one image. Its builds are those of its platforms and of their pinned stages: all that pushed to its repository. */
function summaryOf(
    name: string,
    { repositoryUrl, imageDigest, imageTag = "" }: ImageOutputs,
    allBuilds: RecordedBuild[],
    { before, after }: { before: TrafficReading; after: TrafficReading },
): ImageSummary {
    const builds = allBuilds.filter(({ repository }) => repository === repositoryUrl);
    const bytes = trafficOf(repositoryUrl.slice(repositoryUrl.indexOf("/") + 1), before, after);
    return {
        name,
        digest: imageDigest,
        tag: imageTag,
        seconds: Math.max(0, ...builds.map(({ begin, end }) => (end - begin) / 1000)),
        stepsCached: sum(builds.map(({ stepsCached }) => stepsCached)),
        stepsRun: sum(builds.map(({ stepsRun }) => stepsRun)),
        registryBytesDown: bytes.down,
        registryBytesUp: bytes.up,
    };
}

/** Converts stack outputs to plain values; a secret one is only named. */
export function plainOutputs(outputs: OutputMap): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(outputs).map(([name, output]) => [name, output.secret ? "[secret]" : (output.value as unknown)]),
    );
}

function sum(values: number[]): number {
    return values.reduce((total, value) => total + value, 0);
}
