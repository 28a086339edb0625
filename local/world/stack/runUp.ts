import type { OutputMap, Stack } from "@pulumi/pulumi/automation";
import type { World } from "../services";
import { type HistoryReader, readBuilds, type RecordedBuild } from "./buildHistory";
import type { ImageSummary } from "./lastRun";
import { readTraffic, type Traffic, trafficOf } from "./traffic";
import { type Changes, UpdateLog } from "./updateLog";

/** An update of the stack, and what it cost. */
export interface UpResult {
    changes: Changes;
    /** The stack's outputs, secrets left out. */
    outputs: Record<string, unknown>;
    images: ImageSummary[];
    /** Duration of the update. */
    seconds: number;
}

/** Ends an update with the engine's own words instead of its whole output. */
export class UpdateFailed extends Error {}

/** The stack's outputs of one image that the summary needs. */
interface ImageOutputs {
    repositoryUrl: string;
    imageDigest: string;
    imageTag?: string;
}

/**
 * Runs `pulumi up` and measures it: builds as BuildKit recorded them, bytes as the registry counts them.
 *
 * @param report takes a line for everything that happens
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
 * @param report takes a line for everything that happens
 * @returns what the engine told, and the stack's outputs, secrets left out
 * @throws UpdateFailed with the engine's errors, one a line
 */
export async function update(
    stack: Stack,
    report: (line: string) => void,
    signal?: AbortSignal,
): Promise<{ log: UpdateLog; outputs: Record<string, unknown> }> {
    const log = new UpdateLog(report);
    await withoutQuestions(stack)
        .up({ onEvent: (event) => log.add(event), signal, suppressProgress: true })
        .catch((error: Error) => {
            throw new UpdateFailed(log.errors.length > 0 ? log.errors.join("\n") : error.message);
        });
    return { log, outputs: log.outputs };
}

/** After an update, the SDK asks the CLI for outputs and history, three processes; the engine's events have told what is needed. */
function withoutQuestions(stack: Stack): Stack {
    const answers = { outputs: () => Promise.resolve({}), info: () => Promise.resolve(undefined) };
    return Object.assign(Object.create(stack) as Stack, answers);
}

/** The builds are those of the image's platforms and of their pinned stages: all that went to its repository. */
function summaryOf(
    name: string,
    { repositoryUrl, imageDigest, imageTag = "" }: ImageOutputs,
    allBuilds: RecordedBuild[],
    { before, after }: { before: Traffic; after: Traffic },
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

/** Stack outputs as plain values; a secret one is only named. */
export function plainOutputs(outputs: OutputMap): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(outputs).map(([name, output]) => [name, output.secret ? "[secret]" : (output.value as unknown)]),
    );
}

function sum(values: number[]): number {
    return values.reduce((total, value) => total + value, 0);
}
