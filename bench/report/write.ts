import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { chartNames, chartsOf } from "./charts";
import type { Sides } from "./comparison";
import { writeMarked } from "./marked";
import { type Results, resultsPage } from "./page";
import { readmeSection } from "./readme";

/** Folder of the results in the repository (absolute). */
export const resultsDirectory = path.join(projectRoot, "bench", "results");

/** Page with all results, between its marks (absolute). */
export const benchmarkPage = path.join(projectRoot, "docs", "benchmark.md");

/** Page with a summary of the results, between its marks (absolute). */
export const readmePage = path.join(projectRoot, "README.md");

/** Writes latest.json, results.md and the charts into a folder, and removes charts of earlier results. */
export async function writeResults(folder: string, results: Results, sides: Sides): Promise<void> {
    await writeData(folder, results);
    const charts = Object.keys(results.method.workloads).flatMap(chartNames);
    const page = ["# Benchmark", resultsPage(results, sides, charts), ""].join("\n\n");
    await fs.writeFile(path.join(folder, "results.md"), page);
}

/** Replaces the published results: data and charts in bench/results, the tables in docs/benchmark.md and in README.md. */
export async function publishResults(results: Results, sides: Sides): Promise<void> {
    await writeData(resultsDirectory, results);
    await writeMarked(benchmarkPage, benchmarkSection(results, sides));
    await writeMarked(readmePage, readmeSection(results, sides));
}

/** Renders the section of docs/benchmark.md, which shows the charts of bench/results. */
export function benchmarkSection(results: Results, sides: Sides): string {
    const folder = path.relative(path.dirname(benchmarkPage), resultsDirectory);
    const charts = Object.keys(results.method.workloads).flatMap(chartNames);
    return resultsPage(
        results,
        sides,
        charts.map((name) => `${folder}/${name}`),
    );
}

/** Writes latest.json and the charts into a folder. */
async function writeData(folder: string, results: Results): Promise<void> {
    await fs.mkdir(folder, { recursive: true });
    for (const file of await fs.readdir(folder)) if (file.endsWith(".svg")) await fs.rm(path.join(folder, file));
    for (const workload of Object.keys(results.method.workloads)) {
        for (const [file, svg] of Object.entries(chartsOf(workload, results.rows))) {
            await fs.writeFile(path.join(folder, file), svg);
        }
    }
    await fs.writeFile(path.join(folder, "latest.json"), `${JSON.stringify(results, undefined, 2)}\n`);
}
