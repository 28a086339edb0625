import * as path from "node:path";
import type { DeployResult } from "../world/deployment";
import { projectRoot } from "../paths";
import { type BuildSummary, type ImageSummary, type LastRun, lastRunFile } from "../world/stack/lastRun";
import type { Unchanged } from "./lastStart";

/** Number of images shown. */
const shownImages = 5;

/** Address of the application, with the results of the deploy and of the CodeBuild build. */
export interface Outcome {
    deployment: string;
    /** Result of the build, or its failure. @default - the stack declares no project */
    build?: BuildSummary | Error;
}

/** Renders the end of `npm start`, at most 15 lines: changes, the cost of each image, CodeBuild, the deploy, durations, next commands. */
export function summary(run: LastRun, { deployment, build }: Outcome): string {
    const further = run.images.length - shownImages;
    return [
        changesLine(run),
        ...run.images.slice(0, shownImages).map(imageLine),
        ...(further > 0 ? [`… and ${further} more images: ${path.relative(projectRoot, lastRunFile())}`] : []),
        ...buildLine(build, run.outputs.imageDigest),
        durationLine(run),
        deployment,
        "",
        nextSteps,
    ].join("\n");
}

const nextSteps = [
    "Next: change a line below app/ and run `npm start` again; `npm run deploy -- --rollback` goes back to the last release.",
    "`npm run pipeline -- --yes` releases the last commit to two environments, `npm run outputs` prints the outputs,",
    "`npm test` runs every test, `npm run stop` removes everything.",
].join("\n");

/** Renders the end of a start that had nothing to do. */
export function unchangedSummary({ time, image, port }: Unchanged): string {
    const since = `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
    return [
        `Nothing has changed since the start of ${since}: ${shortImage(image)} runs.`,
        `http://127.0.0.1:${port} is ready.`,
        "",
        nextSteps,
    ].join("\n");
}

/** Result of a preview. */
export interface PreviewResult {
    /** Numbers of resources that would be created, updated and so on. */
    changes: Record<string, number>;
    /** Warnings of the engine and of the program, one text each. */
    warnings: string[];
    seconds: number;
}

/** Renders the end of a preview. */
export function previewSummary({ changes, warnings, seconds }: PreviewResult): string {
    const counts = Object.entries(changes).map(([operation, count]) => `${count} ${operation}`);
    const end = `Preview in ${seconds.toFixed(1)} s: ${counts.join(", ")}. Nothing was changed.`;
    return [...warnings.map((warning) => `warning: ${warning}\n`), end].join("\n");
}

/** Renders the result of a deploy in two lines. */
export function deployLine(result: DeployResult): string {
    const { status, imageBefore, imageAfter, healthy, seconds, requests, failed, longestGapSeconds, address } = result;
    const what =
        imageBefore === imageAfter
            ? `${shortImage(imageAfter)} as before`
            : `${shortImage(imageBefore)} -> ${shortImage(imageAfter)}`;
    const gap = failed === 0 ? "" : `, longest gap ${longestGapSeconds.toFixed(1)} s`;
    return [
        `Deploy ${status} in ${seconds.toFixed(1)} s: ${what}.`,
        `${address} ${healthy ? "is ready" : "does not answer"}; ${failed} of ${requests} requests failed meanwhile${gap}.`,
    ].join("\n");
}

/** Cuts a digest to its first 12 digits, by which people tell images apart. @param image `repository@sha256:…`; null for none */
function shortImage(image: string | null): string {
    return image === null ? "nothing" : image.replace(/^.*@(sha256:[0-9a-f]{12}).*$/, "$1");
}

function imageLine({ name, digest, seconds, stepsCached, stepsRun, ...bytes }: ImageSummary): string {
    const [read, written] = [bytes.registryBytesDown, bytes.registryBytesUp].map((value) => (value / 1e6).toFixed(2));
    const cost = `${seconds.toFixed(1)} s, ${stepsRun} steps run, ${stepsCached} cached; ${read} MB read, ${written} MB written`;
    const isBuilt = seconds > 0 || stepsRun + stepsCached > 0;
    return `Image ${name} ${shortImage(`@${digest}`)}: ${isBuilt ? cost : "there already, nothing was built"}.`;
}

function changesLine({ stack, changes }: LastRun): string {
    const done = Object.entries(changes).filter(([, count]) => count > 0);
    const words = done.map(([operation, count]) => `${count} ${operation}`);
    return `Stack ${stack}: ${words.join(", ")}.`;
}

function buildLine(build: Outcome["build"], digest: unknown): string[] {
    if (build === undefined) return [];
    if (build instanceof Error) return [`CodeBuild: ${build.message}`];
    const isAdopted = build.digest === digest && !build.builderStarted;
    const what = isAdopted ? "adopted that image: no builder was started" : `built ${build.digest}`;
    return [`CodeBuild ${what} (${build.seconds.toFixed(1)} s, log in ${build.log}).`];
}

/** Renders the durations of the steps, which run side by side: their sum exceeds the whole. */
function durationLine({ seconds }: LastRun): string {
    const names: [string, number][] = [
        ["tools", seconds.tools],
        ["services", seconds.services],
        ["base images", seconds.baseImages],
        ["database", seconds.databaseImage],
        ["host", seconds.host],
        ["update", seconds.up],
        ["CodeBuild", seconds.build],
        ["deploy", seconds.deploy],
    ];
    const parts = names.filter(([, value]) => value >= 0.05).map(([name, value]) => `${name} ${rounded(value)}`);
    return `${rounded(seconds.total)} s: ${parts.join(", ")}.`;
}

/** Rounds to three digits. */
function rounded(seconds: number): string {
    return seconds.toFixed(seconds < 99.95 ? 1 : 0);
}
