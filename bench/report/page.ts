import type { GoalResult } from "./goals";
import type { ResultRow } from "./result";
import { definitions, goalCells, markdownTable, resultCells } from "./tables";

/** How the figures came about. */
export interface Method {
    /** When it ended: ISO 8601, UTC. */
    date: string;
    /** Processors, memory, versions. */
    machine: string;
    /** How often everything was built. */
    runs: number;
    /** The line, in words. */
    link: string;
    /** What hosts of builds keep their files in, in words. */
    hosts: string;
    /** Descriptions by name. */
    strategies: Record<string, string>;
    /** Descriptions by name. */
    workloads: Record<string, string>;
    /** Descriptions by name. */
    cases: Record<string, string>;
}

/** Everything that a benchmark came to; the content of latest.json. */
export interface Results {
    method: Method;
    rows: ResultRow[];
    goals: GoalResult[];
}

/** What holds for every figure. */
const rules = [
    "Each build has an empty host: a BuildKit of its own that starts with the build, its start included; nothing is kept between builds but what the strategy itself keeps in registry or S3.",
    "Wall time is from the first command of the strategy to the end of its last, exports and pushes included; writing the source and ending the builder are not part of it.",
    "Seconds are medians, with the smallest and the largest value; all other figures are medians. MB are 10^6 bytes.",
    "MB down and up are what registry and S3 sent and received, base images included; packages come from a server with a line of its own of the same limits, and are counted apart.",
    "MB to deploy are the compressed layers that the image before did not have: what a host that runs it has to pull.",
    "Base images and packages are made here: interpreters of this machine, and files that no compression makes smaller. The compiled package is compiled by Python, not by a C compiler.",
    "`docker pull` is a build step that reads the image, so that its layers are downloaded and unpacked where the build finds them. `docker load` is an export to a file, without the loading; `docker push` after it pushes from the builder, so that layers the registry has are not packed or sent again. A Docker daemon would do more in both.",
    "The published strategies have their write-ups' Dockerfiles in the terms of the workload, with the same `.dockerignore`; ours has this project's. `--provenance=false` is set for all.",
    "Directories that seed 004 keeps on the host are carried into the builder's cache mounts and out of them by small builds, since BuildKit reads none of the host's; its own `--no-cache-dir` would leave them empty.",
];

/** The results as a page. @param charts names of SVG files beside it */
export function resultsPage({ method, rows, goals }: Results, charts: string[]): string {
    const sections = Object.keys(method.workloads).flatMap((workload) => [
        `## ${workload}`,
        method.workloads[workload] ?? "",
        ...charts.filter((file) => file.startsWith(`${workload}-`)).map((file) => `![${file}](${file})`),
        markdownTable(resultCells(rows.filter((row) => row.workload === workload))),
    ]);
    return [
        "# Benchmark",
        "Written by `npm run bench`; not to be edited.",
        "## Goals",
        markdownTable(goalCells(goals)),
        ...sections,
        "## Method",
        `${method.date}, ${conditions(method)}`,
        rules.map((rule) => `- ${rule}`).join("\n"),
        markdownTable(definitions("strategy", method.strategies)),
        markdownTable(definitions("case", method.cases)),
        "",
    ].join("\n\n");
}

/** The method for the terminal. */
export function methodText({ method }: Results): string {
    return [conditions(method), ...rules].join("\n");
}

function conditions({ machine, runs, link, hosts }: Method): string {
    return `${machine}. Runs: ${runs}. Line: ${link}. Hosts: ${hosts}.`;
}
