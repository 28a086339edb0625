import * as fs from "node:fs/promises";
import * as path from "node:path";
import { drawBars } from "../report/charts";
import { median } from "../report/result";
import { definitions, markdownTable } from "../report/tables";
import { operations } from "./operations";
import { type ScaleGoal, scaleCells, scaleGoalCells, type ScaleRow } from "./result";
import { layouts } from "./sources";

/** Results of all measurements; the content of latest.json. */
export interface ScaleResults {
    /** End of the measurements: ISO 8601, UTC. */
    date: string;
    /** Machine: processors, memory, versions. */
    machine: string;
    rows: ScaleRow[];
    goals: ScaleGoal[];
}

/** Rules that hold for every figure. */
const rules = [
    "Each operation runs in a process of its own, which loads and evaluates the whole program; setting up the services and writing the sources are not part of the time.",
    "Memory is the kernel's peak of resident memory: of the process that runs the program, and of the processes that it starts (the engine, the docker-build provider, and esbuild, which bundles the build tools), added up. BuildKit, the emulated AWS and the `aws` provider run as services and are not counted.",
    "Images are one file on an empty base. The builder is emptied before each `up`, and the repositories are new. `parallelBuilds` has its default.",
    "Seconds are medians, with the smallest and the largest value.",
];

const chart = "scale-seconds.svg";

/** Writes latest.json, results.md and the chart into a folder. */
export async function writeScaleResults(folder: string, results: ScaleResults): Promise<void> {
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, "latest.json"), `${JSON.stringify(results, undefined, 2)}\n`);
    await fs.writeFile(path.join(folder, "results.md"), scalePage(results));
    await fs.writeFile(path.join(folder, chart), scaleChart(results.rows));
}

/** Renders the results as a page. */
export function scalePage({ date, machine, rows, goals }: ScaleResults): string {
    return [
        "# Scale",
        "Written by `npm run bench:scale`; not to be edited.",
        `![seconds by number of images](${chart})`,
        markdownTable(scaleCells(rows)),
        "## Goals",
        markdownTable(scaleGoalCells(goals)),
        "## Method",
        `${date}, ${machine}.`,
        rules.map((rule) => `- ${rule}`).join("\n"),
        markdownTable(definitions("operation", operations)),
        markdownTable(definitions("contexts", layouts)),
        "",
    ].join("\n\n");
}

/** Draws the seconds of each operation, a group of bars for each number of images. @returns SVG */
export function scaleChart(rows: ScaleRow[]): string {
    const bars = rows.map(({ operation, layout, images, seconds }) => ({
        group: `${images} images`,
        series: layout === "separate" ? operation : `${operation}, one context`,
        value: median(seconds),
    }));
    return drawBars("the program by number of images: wall time", "seconds", bars);
}
