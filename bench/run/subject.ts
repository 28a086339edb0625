import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import type { BenchOptions } from "./options";
import { resultsDirectory } from "../report/write";

/** Sources that influence builds and measurements. */
const sources = [
    "app",
    "bench",
    "buildspecs",
    "examples/streamlit-ecs",
    "infra",
    "local",
    "tools",
    "package-lock.json",
];

/** Identifies the subject of a benchmark: its options without the number of runs, and the sources. */
export async function subjectOf({ workloads, strategies, cases, limits }: BenchOptions): Promise<string> {
    const names = [workloads, strategies, cases].map((list) => list.map(({ name }) => name));
    const hash = createHash("sha256").update(JSON.stringify([names, limits]));
    for (const source of sources) {
        for (const file of await filesOf(path.join(projectRoot, source))) {
            const content = createHash("sha256").update(await fs.readFile(file));
            hash.update(JSON.stringify([path.relative(projectRoot, file), content.digest("hex")]));
        }
    }
    return hash.digest("hex");
}

async function filesOf(source: string): Promise<string[]> {
    if ((await fs.stat(source)).isFile()) return [source];
    const entries = await fs.readdir(source, { recursive: true, withFileTypes: true });
    return entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .filter((file) => !file.startsWith(resultsDirectory))
        .sort();
}
