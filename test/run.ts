import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import * as path from "node:path";
import { projectRoot, toolsDirectory } from "../local/paths";
import { ensureToolchain } from "../local/world/toolchain";
import { testGroups } from "./support/testGroups";
import { type Counts, countsOf, groupTable, slowest, type TestRecord } from "./support/testRecords";
import { makeTemporaryFolderOfRun, removeLeftovers } from "./support/testRun";

/** Group of tests. */
type Group = keyof typeof testGroups;

/**
 * Groups whose files run beside each other: each process has a world, a builder and ports of its own. The tests of e2e measure requests
 * that fail during a deploy, so parallel files would disturb them.
 */
const parallelGroups = (Object.keys(testGroups) as Group[]).filter((group) => group !== "e2e");

/** Check that is no test: its exit code says whether it passed. */
interface Lint {
    title: string;
    /** Command and arguments; a program of node_modules, or of the tools. */
    command: string[];
}

const lints: Lint[] = [
    { title: "formatting", command: ["prettier", "--check", "--log-level=warn", "."] },
    { title: "types", command: ["tsc", "--noEmit"] },
    { title: "lint", command: ["eslint", "."] },
    { title: "folders", command: ["depcruise", "infra", "local", "bench", "docs", "test"] },
    { title: "YAML", command: ["yamllint", "--strict", "buildspecs", "deploy", "Pulumi.yaml", "PulumiPlugin.yaml"] },
    {
        title: "GitLab's schema",
        command: ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "deploy/gitlab-ci.yml"],
    },
    {
        title: "GitHub's rules",
        command: [
            "go",
            "-C",
            "tools/actionlint",
            "tool",
            "actionlint",
            path.join(projectRoot, "deploy/github-workflow.yml"),
        ],
    },
    {
        title: "deploy scripts",
        command: [
            "shellcheck",
            "--external-sources",
            "--check-sourced",
            "--source-path=deploy/lib",
            "--source-path=deploy",
            ...deployScripts(),
        ],
    },
];

/** Whether Ctrl-C was pressed. It ends the commands of this run, which then removes what they left. */
let isInterrupted = false;

/** Lists the scripts that jobs run; their libraries are checked with them. */
function deployScripts(): string[] {
    const folder = path.join(projectRoot, "deploy");
    return readdirSync(folder)
        .filter((name) => name.endsWith(".sh"))
        .map((name) => path.join(folder, name));
}

/** Finds the group of a test file, named from the repository's root. */
function groupOf(file: string): string {
    const folder = file.split(path.sep)[1] ?? "";
    return folder in testGroups ? folder : "unit";
}

/** Runs the lints one after the other; each prints its output at its end, as tests may print at the same time. */
async function runLints(): Promise<Counts> {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const { title, command } of lints) {
        if (isInterrupted) break;
        const started = performance.now();
        const { exitCode, output } = await execute(command, {}, true);
        counts[exitCode === 0 ? "passed" : "failed"] += 1;
        const result = `${exitCode === 0 ? "passed" : "failed"}, ${secondsSince(started)} s`;
        console.log(`\n── ${title}: ${command.join(" ")}\n${output}── ${title}: ${result}`);
    }
    return counts;
}

/** Runs groups of tests by mocha, their files in the given number of processes. @returns a record of each test and hook */
async function runTests(names: Group[], jobs: number): Promise<TestRecord[]> {
    const folder = makeTemporaryFolderOfRun();
    const file = path.join(folder, "records.json");
    const options = [
        "--reporter",
        "test/support/runReporter.ts",
        ...(jobs > 1 ? ["--parallel", `--jobs=${jobs}`] : []),
    ];
    const command = ["mocha", ...options, ...names.map((name) => testGroups[name])];
    console.log(`\n── ${command.join(" ")}`);
    try {
        const { exitCode } = await execute(command, { TEST_RECORDS: file, TMPDIR: folder }, false);
        const records = readRecords(file);
        if (exitCode !== 0 && countsOf(records).failed === 0) records.push(brokenRun(names, `exit code ${exitCode}`));
        const idle = names.filter((name) => !records.some((record) => groupOf(record.file) === name));
        return [...records, ...idle.map((name) => brokenRun([name], "no test ran"))];
    } finally {
        await removeLeftovers(folder, isInterrupted);
    }
}

/** Reads the reporter's file; a run that broke off left none. */
function readRecords(file: string): TestRecord[] {
    try {
        return JSON.parse(readFileSync(file, "utf8")) as TestRecord[];
    } catch {
        return [];
    }
}

/** Makes the record of a failure that no test reported. */
function brokenRun(names: string[], reason: string): TestRecord {
    return { file: `test/${names[0]}`, title: `${names.join(", ")}: ${reason}`, result: "failed", seconds: 0 };
}

/** Runs a command to its end. @returns its exit code, and its output where that is kept instead of printed */
function execute(
    [command = "", ...args]: string[],
    variables: Record<string, string>,
    keepsOutput: boolean,
): Promise<{ exitCode: number; output: string }> {
    const folders = [path.join(projectRoot, "node_modules/.bin"), path.join(toolsDirectory, "python/bin")];
    const env = {
        ...process.env,
        ...variables,
        TS_NODE_PROJECT: path.join(projectRoot, "tsconfig.json"),
        PATH: [...folders, process.env.PATH].join(path.delimiter),
    };
    return new Promise((resolve) => {
        const stream = keepsOutput ? "pipe" : "inherit";
        const child = spawn(command, args, { cwd: projectRoot, env, stdio: ["ignore", stream, stream] });
        let output = "";
        for (const one of [child.stdout, child.stderr]) {
            one?.setEncoding("utf8").on("data", (text: string) => (output += text));
        }
        child.once("error", ({ message }) => console.error(`${command} could not be started: ${message}`));
        child.once("close", (code) => resolve({ exitCode: code ?? 1, output }));
    });
}

function secondsSince(started: number): string {
    return ((performance.now() - started) / 1000).toFixed(1);
}

/** Runs all checks, or those of the groups named on the command line; the last line counts what passed and failed. */
async function main(names: string[]): Promise<void> {
    const known = ["lint", ...Object.keys(testGroups)];
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0) {
        console.error(`There is no group ${unknown.join(", ")}; there are ${known.join(", ")}.`);
        process.exitCode = 2;
        return;
    }
    const isChosen = (name: string) => names.length === 0 || names.includes(name);
    if (known.some((name) => name !== "unit" && isChosen(name))) await ensureToolchain((line) => console.log(line));
    process.once("SIGINT", () => {
        isInterrupted = true;
        console.error("\nInterrupted; stopping what the tests started …");
    });
    const started = performance.now();
    const parallel = parallelGroups.filter(isChosen);
    const [linted, tested] = await Promise.all([
        isChosen("lint") ? runLints() : { passed: 0, failed: 0, skipped: 0 },
        // Where there is one core, there are two workers as well: only a worker forgets the world of a file at its end.
        parallel.length > 0 ? runTests(parallel, Math.max(2, availableParallelism())) : [],
    ]);
    const testedAlone = isChosen("e2e") && !isInterrupted ? await runTests(["e2e"], 1) : [];
    if (isInterrupted) process.exitCode = 130;
    else report([...tested, ...testedAlone], linted, secondsSince(started));
}

function report(records: TestRecord[], linted: Counts, seconds: string): void {
    if (records.length > 0) console.log(`\n${groupTable(records, groupOf)}\n\nslowest:\n${slowest(records, 10)}`);
    const failures = records.filter(({ result }) => result === "failed");
    if (failures.length > 0)
        console.log(`\nFailed:\n${failures.map(({ file, title }) => `${file}: ${title}`).join("\n")}`);
    const total = countsOf(records);
    const [passed, failed] = [total.passed + linted.passed, total.failed + linted.failed];
    console.log(
        `\n${seconds} s\n\n${passed} passed, ${failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
    );
    process.exitCode = failed > 0 ? 1 : 0;
}

void main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    console.log("\n0 passed, 1 failed");
    process.exitCode = 1;
});
