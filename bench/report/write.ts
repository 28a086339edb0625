import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { workloads } from "../workloads";
import { chartsOf } from "./charts";
import { writeMarked } from "./marked";
import { type Results, resultsPage } from "./page";
import { readmeSection } from "./readme";
import { sides } from "./sides";

/** Places of published results, relative to the repository: folder of the data, and pages with results between their marks. */
export const published = { results: "bench/results", benchmarkPage: "docs/benchmark.md", readmePage: "README.md" };

/** Folder of the results in the repository (absolute). */
export const resultsDirectory = path.join(projectRoot, published.results);

/** Writes the data and charts of a workload into a folder, and the page results.md of all workloads that are there. */
export async function writeResults(folder: string, results: Results): Promise<void> {
    await writeData(folder, results);
    const page = ["# Benchmark", resultsPage(await readResults(folder), sides, ""), ""].join("\n\n");
    await fs.writeFile(path.join(folder, "results.md"), page);
}

/**
 * Replaces the published data and charts of a workload, and writes the pages with those of all workloads.
 *
 * @param repository root folder (absolute)
 */
export async function publishResults(results: Results, repository = projectRoot): Promise<void> {
    const folder = path.join(repository, published.results);
    await writeData(folder, results);
    const all = await readResults(folder);
    await writeMarked(path.join(repository, published.benchmarkPage), benchmarkSection(all));
    await writeMarked(path.join(repository, published.readmePage), readmeSection(all, sides));
}

/** Reads the results of all workloads that a folder has, in the order of the tables. */
export async function readResults(folder: string): Promise<Results[]> {
    const present = new Set(await fs.readdir(folder));
    const files = workloads.map(({ name }) => dataFile(name)).filter((file) => present.has(file));
    return Promise.all(
        files.map(async (file) => JSON.parse(await fs.readFile(path.join(folder, file), "utf8")) as Results),
    );
}

/** Renders the section of docs/benchmark.md, which shows the charts of bench/results. */
export function benchmarkSection(all: Results[]): string {
    return resultsPage(all, sides, path.relative(path.dirname(published.benchmarkPage), published.results));
}

/** Writes data and charts of a workload into a folder. */
async function writeData(folder: string, results: Results): Promise<void> {
    await fs.mkdir(folder, { recursive: true });
    const { workload, rows } = results;
    for (const [file, svg] of Object.entries(chartsOf(workload, rows))) {
        await fs.writeFile(path.join(folder, file), svg);
    }
    await fs.writeFile(path.join(folder, dataFile(workload)), `${JSON.stringify(results, undefined, 2)}\n`);
}

function dataFile(workload: string): string {
    return `${workload}.json`;
}
