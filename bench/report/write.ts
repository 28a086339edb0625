import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { chartsOf } from "./charts";
import { type Results, resultsPage } from "./page";

/** Folder of the results in the repository (absolute). */
export const resultsDirectory = path.join(projectRoot, "bench", "results");

/** Writes latest.json, results.md and the charts into a folder, and removes charts of earlier results. */
export async function writeResults(folder: string, results: Results): Promise<void> {
    await fs.mkdir(folder, { recursive: true });
    for (const file of await fs.readdir(folder)) if (file.endsWith(".svg")) await fs.rm(path.join(folder, file));
    const charts = Object.keys(results.method.workloads).flatMap((name) =>
        Object.entries(chartsOf(name, results.rows)),
    );
    for (const [file, svg] of charts) await fs.writeFile(path.join(folder, file), svg);
    await fs.writeFile(path.join(folder, "latest.json"), `${JSON.stringify(results, undefined, 2)}\n`);
    const page = resultsPage(
        results,
        charts.map(([file]) => file),
    );
    await fs.writeFile(path.join(folder, "results.md"), page);
}
