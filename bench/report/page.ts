import * as path from "node:path";
import { chartNames } from "./charts";
import { compare, comparisonCells } from "./comparison";
import type { GoalResult } from "./goals";
import type { ResultRow } from "./result";
import type { Sides } from "./sides";
import { definitions, goalCells, markdownTable, resultCells } from "./tables";

/** Conditions of the measurements of a workload. */
export interface Method {
    /** End of the last measurement: ISO 8601, UTC. */
    date: string;
    /** Machine: processors, memory, versions. */
    machine: string;
    /** Number of runs of every build. */
    runs: number;
    /** Line between build hosts and servers, in words. */
    link: string;
    /** File systems of the build hosts, in words. */
    hosts: string;
    /** Descriptions of the measured strategies by name. */
    strategies: Record<string, string>;
    /** Descriptions of the measured cases by name. */
    cases: Record<string, string>;
}

/** Results of a workload; the content of its file. */
export interface Results {
    /** Name of the workload. */
    workload: string;
    /** Description of the workload in one sentence. */
    description: string;
    method: Method;
    rows: ResultRow[];
    goals: GoalResult[];
}

/** Rules that hold for every figure. */
const rules = [
    "Each build has an empty host: a BuildKit of its own that starts with the build, its start included. Between builds nothing is kept but what the strategy itself keeps in the registry or in S3.",
    "Wall time is from the first command of the strategy to the end of the last one, exports and pushes included. Writing the source and ending the builder are not part of it.",
    "Seconds are medians, with the smallest and the largest value; all other figures are medians. 1 MB is 10^6 bytes.",
    "MB read and written are the bytes that registry and S3 sent and received, base images included. Packages come from a server with a line of its own of the same limits, and are counted apart.",
    "MB to deploy are the compressed layers that the image before did not have, for this machine's platform: a host that runs the image before has to pull them.",
    "Base images and packages are made for the benchmark: interpreters of this machine, and files that no compression makes smaller. Python compiles the compiled package; no C compiler does. The workload streamlit has packages as the package index has them.",
    "`docker pull` is a build step that reads the image, so the builder downloads and unpacks its layers. `docker load` is an export to a file, without the loading. `docker push` pushes from the builder, so layers that the registry has are not packed or sent again. A Docker daemon would do more work in all three.",
    "The published strategies have the Dockerfiles of their write-ups, in the terms of the workload and with the same `.dockerignore`; ours has the Dockerfile of this project. All builds set `--provenance=false`.",
    'BuildKit reads no folders of the host. So small builds carry the folders that "mode=max and S3" keeps on the host into the builder\'s cache mounts and out of them; its own `--no-cache-dir` would leave the mounts empty.',
];

/**
 * Renders the results of all workloads as the sections of a page, without its title.
 *
 * @param charts folder of the charts, relative to the page
 */
export function resultsPage(all: Results[], sides: Sides, charts: string): string {
    const goals = all.flatMap((one) => one.goals);
    const sections = all.flatMap(({ workload, description, rows }) => [
        `## Workload ${workload}`,
        description,
        ...chartNames(workload).map((name) => `![${path.parse(name).name}](${path.join(charts, name)})`),
        markdownTable(resultCells(rows)),
    ]);
    const described = (kind: "strategies" | "cases") =>
        Object.fromEntries(all.flatMap(({ method }) => Object.entries(method[kind])));
    return [
        "## Best published strategy of each case",
        markdownTable(
            comparisonCells(
                compare(
                    all.flatMap(({ rows }) => rows),
                    sides,
                ),
                ["workload", "case"],
            ),
        ),
        "## Goals",
        `${goals.filter(({ isMet }) => isMet).length} of ${goals.length} goals were met.`,
        markdownTable(goalCells(goals)),
        ...sections,
        "## Method",
        "Each workload is measured by itself, all its strategies in turn. Figures of one workload are of one benchmark.",
        listed(all.map(conditions)),
        listed(rules),
        markdownTable(definitions("strategy", described("strategies"))),
        markdownTable(definitions("case", described("cases"))),
    ].join("\n\n");
}

/** Renders the method for the terminal. */
export function methodText(all: Results[]): string {
    return listed([...all.map(conditions), ...rules]);
}

function conditions({ workload, method: { date, machine, runs, link, hosts } }: Results): string {
    return `${workload}: ${date}, ${machine}. Runs: ${runs}. Line: ${link}. Hosts: ${hosts}.`;
}

function listed(sentences: string[]): string {
    return sentences.map((sentence) => `- ${sentence}`).join("\n");
}
