import Table from "cli-table3";
import type { DeployResult } from "../deployment";
import type { LastRun } from "../stack";

/**
 * The end of `npm start` as text: the outputs, what the build cost, where the application answers, and what to do next.
 *
 * @param deployment where the application answers, or why it does not
 */
export function summary(run: LastRun, deployment: string): string {
    return [
        outputsTable(run.outputs),
        imagesTable(run),
        ...buildLine(run),
        changesLine(run),
        durationLine(run),
        deployment,
        "",
        "Next: change a line below app/ and run `npm start` again, go back with `npm run deploy -- --rollback`, see all outputs with `npm run outputs`,",
        "run every test with `npm test`, remove everything with `npm run stop`.",
    ].join("\n");
}

/** What a preview said. */
export interface PreviewResult {
    /** How many resources would be created, updated and so on. */
    changes: Record<string, number>;
    /** The engine's and the program's warnings, one text each. */
    warnings: string[];
    seconds: number;
}

/** A preview's end as text. */
export function previewSummary({ changes, warnings, seconds }: PreviewResult): string {
    const counts = Object.entries(changes).map(([operation, count]) => `${count} ${operation}`);
    const end = `Preview in ${seconds.toFixed(1)} s: ${counts.join(", ")}. Nothing was changed.`;
    return [...warnings.map((warning) => `warning: ${warning}\n`), end].join("\n");
}

/** How a deploy went, in one line. */
export function deployLine(result: DeployResult): string {
    const { status, imageBefore, imageAfter, healthy, seconds, requests, failed, longestGapSeconds, address } = result;
    const what =
        imageBefore === imageAfter ? `${imageAfter} as before` : `${imageBefore ?? "nothing"} -> ${imageAfter}`;
    const gap = failed === 0 ? "" : `, longest gap ${longestGapSeconds.toFixed(1)} s`;
    return [
        `Deploy ${status} in ${seconds.toFixed(1)} s: ${what}`,
        `${address} ${healthy ? "is ready" : "does not answer"}; ${failed} of ${requests} requests failed meanwhile${gap}.`,
    ].join("\n");
}

/** No lines between rows. */
const compact = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

function outputsTable(outputs: Record<string, unknown>): string {
    const table = new Table({ head: ["output", "value"], chars: compact, style: { head: [], border: [] } });
    // `images` and `deployEnv` only repeat the others in other forms.
    const rows = Object.entries(outputs).filter(([name]) => name !== "images" && name !== "deployEnv");
    table.push(...rows.map(([name, value]) => [name, String(value)]));
    return table.toString();
}

function imagesTable(run: LastRun): string {
    const table = new Table({
        head: ["image", "seconds", "steps cached", "steps run", "MB from registry", "MB to registry"],
        style: { head: [], border: [] },
    });
    table.push(
        ...run.images.map((image) => [
            image.name,
            image.seconds.toFixed(1),
            image.stepsCached,
            image.stepsRun,
            megabytes(image.registryBytesDown),
            megabytes(image.registryBytesUp),
        ]),
    );
    return table.toString();
}

function changesLine({ stack, changes }: LastRun): string {
    const done = Object.entries(changes).filter(([, count]) => count > 0);
    const words = done.map(([operation, count]) => `${count} ${operation}`);
    return `Stack ${stack}: ${words.join(", ")}.`;
}

function buildLine({ build, outputs }: LastRun): string[] {
    if (build === undefined) return [];
    const isAdopted = build.digest === outputs.imageDigest && !build.builderStarted;
    const what = isAdopted ? "adopted that image: no builder was started" : `built ${build.digest}`;
    return [`CodeBuild ${what} (${build.seconds.toFixed(1)} s, log in ${build.log}).`];
}

function durationLine({ seconds }: LastRun): string {
    const names: [string, number][] = [
        ["tools", seconds.setup],
        ["services and base images", seconds.services],
        ["container host", seconds.host],
        ["update", seconds.up],
        ["CodeBuild", seconds.build],
        ["deploy", seconds.deploy],
    ];
    const parts = names.map(([name, value]) => `${name} ${value.toFixed(1)}`);
    return `${seconds.total.toFixed(1)} s in all: ${parts.join(", ")}.`;
}

function megabytes(bytes: number): string {
    return (bytes / 1e6).toFixed(2);
}
