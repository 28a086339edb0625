import type { OutputMap, Stack } from "@pulumi/pulumi/automation";
import type { World } from "../services";
import type { ImageSummary } from "./lastRun";
import { readTraffic, trafficOf } from "./traffic";
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
 * Runs `pulumi up` and measures it: steps as BuildKit tells them, bytes as the registry counts them.
 *
 * @param report takes a line for everything that happens
 * @throws UpdateFailed with the engine's errors, one a line
 */
export async function runUp(
    stack: Stack,
    world: World,
    report: (line: string) => void,
    signal?: AbortSignal,
): Promise<UpResult> {
    const started = Date.now();
    const log = new UpdateLog(report);
    const before = await readTraffic(world);
    const result = await stack
        .up({ onEvent: (event) => log.add(event), signal, suppressProgress: true })
        .catch((error: Error) => {
            throw new UpdateFailed(log.errors.length > 0 ? log.errors.join("\n") : error.message);
        });
    const after = await readTraffic(world);
    const outputs = plainOutputs(result.outputs);
    const images = Object.entries(outputs.images as Record<string, ImageOutputs>).map(([name, image]) => {
        // Those of its platforms, and of their pinned stages.
        const builds = log.images.filter((build) =>
            [`pipeline-${name}-image-`, `pipeline-${name}-pinned-`].some((start) => build.name.startsWith(start)),
        );
        const repository = image.repositoryUrl.slice(image.repositoryUrl.indexOf("/") + 1);
        const bytes = trafficOf(repository, before, after);
        return {
            name,
            digest: image.imageDigest,
            tag: image.imageTag ?? "",
            seconds: Math.max(0, ...builds.map((build) => build.seconds)),
            stepsCached: sum(builds.map((build) => build.steps.cached)),
            stepsRun: sum(builds.map((build) => build.steps.run)),
            registryBytesDown: bytes.down,
            registryBytesUp: bytes.up,
        };
    });
    return { changes: log.changes, outputs, images, seconds: (Date.now() - started) / 1000 };
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
