import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { projectRoot, toolsDirectory } from "../local/paths";
import { ensureToolchain } from "../local/toolchain";

/** How a check ended. */
interface Counts {
    passed: number;
    failed: number;
    skipped: number;
}

/** One command of the test run. */
interface Check {
    /** Shown while it runs and, when it fails, at the end. */
    title: string;
    /** Group that `test/run.ts <group>` picks. */
    group: "lint" | "unit" | "fidelity" | "local" | "app" | "deploy" | "engine" | "e2e";
    /** Command and arguments; a program of node_modules, or of the tools. */
    command: string[];
    /** Whether it counts its own tests; otherwise the command is one test. @default false */
    isMocha?: boolean;
}

const checks: Check[] = [
    { title: "formatting", group: "lint", command: ["prettier", "--check", "--log-level=warn", "."] },
    { title: "types", group: "lint", command: ["tsc", "--noEmit"] },
    { title: "lint", group: "lint", command: ["eslint", "."] },
    { title: "YAML", group: "lint", command: ["yamllint", "--strict", "buildspecs", "deploy", "Pulumi.yaml"] },
    {
        title: "GitLab's schema",
        group: "lint",
        command: ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "deploy/gitlab-ci.yml"],
    },
    {
        title: "GitHub's rules",
        group: "lint",
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
        group: "lint",
        command: [
            "shellcheck",
            "--external-sources",
            "--check-sourced",
            "--source-path=deploy/lib",
            "--source-path=deploy",
            ...deployScripts(),
        ],
    },
    mocha("components and pure parts", "unit", "test/{infra,buildspecs}/**/*.test.ts"),
    mocha("the benchmark's pure parts", "unit", "test/bench/**/*.test.ts"),
    mocha("AWS's own rules", "fidelity", "test/fidelity/**/*.test.ts"),
    mocha("the offline world", "local", "test/local/**/*.test.ts"),
    mocha("the sample application", "app", "test/app/**/*.test.ts"),
    mocha("the deploy scripts", "deploy", "test/deploy/**/*.test.ts"),
    mocha("the real engine", "engine", "test/engine/**/*.test.ts"),
    mocha("end to end", "e2e", "test/e2e/**/*.test.ts"),
];

/**
 * Groups that run beside the tests of the engine, one after the other: the engine waits for one core most of the time, and what these
 * start has folders and ports of its own.
 */
const besideEngine: Check["group"][] = ["lint", "unit", "fidelity", "deploy"];

/** The scripts that jobs run; their libraries are checked with them. */
function deployScripts(): string[] {
    const folder = path.join(projectRoot, "deploy");
    return readdirSync(folder)
        .filter((name) => name.endsWith(".sh"))
        .map((name) => path.join(folder, name));
}

function mocha(title: string, group: Check["group"], files: string): Check {
    const options = ["--require", "ts-node/register/transpile-only", "--reporter", "test/support/countingReporter.ts"];
    return { title, group, command: ["mocha", ...options, files], isMocha: true };
}

/** Runs a check and prints its output: as it comes, or all at its end where others print at the same time. */
async function run(check: Check, isBesideOthers: boolean): Promise<Counts> {
    const directory = mkdtempSync(path.join(tmpdir(), "test-counts-"));
    const countsFile = path.join(directory, "counts.json");
    const started = performance.now();
    const heading = `\n── ${check.title}: ${check.command.join(" ")}`;
    if (!isBesideOthers) console.log(heading);
    try {
        const { exitCode, output } = await execute(check.command, countsFile, isBesideOthers);
        if (isBesideOthers) console.log(`${heading}\n${output}`);
        const failed = exitCode === 0 ? 0 : 1;
        const counts = check.isMocha ? mochaCounts(countsFile, failed) : { passed: 1 - failed, failed, skipped: 0 };
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        console.log(`── ${check.title}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
        return counts;
    } finally {
        rmSync(directory, { recursive: true });
    }
}

/** Runs a command to its end. @returns its exit code, and its output where that is kept instead of printed */
function execute(
    [command = "", ...args]: string[],
    countsFile: string,
    keepsOutput: boolean,
): Promise<{ exitCode: number; output: string }> {
    const folders = [path.join(projectRoot, "node_modules/.bin"), path.join(toolsDirectory, "python/bin")];
    const env = {
        ...process.env,
        TEST_COUNTS: countsFile,
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

/** Mocha's own counts; a run that broke off before its end left none and is a failure of its own. */
function mochaCounts(file: string, failed: number): Counts {
    try {
        const counts = JSON.parse(readFileSync(file, "utf8")) as { passes: number; failures: number; pending: number };
        const hidden = failed === 1 && counts.failures === 0 ? 1 : 0;
        const none = counts.passes + counts.failures === 0 ? 1 : 0;
        return { passed: counts.passes, failed: counts.failures + hidden + none, skipped: counts.pending };
    } catch {
        return { passed: 0, failed: 1, skipped: 0 };
    }
}

/** Runs all checks, or those of the groups named on the command line; the last line counts what passed and failed. */
async function main(groups: string[]): Promise<void> {
    const known = [...new Set(checks.map((check) => check.group))];
    const unknown = groups.filter((group) => !known.includes(group as Check["group"]));
    if (unknown.length > 0) {
        console.error(`There is no group ${unknown.join(", ")}; there are ${known.join(", ")}.`);
        process.exitCode = 2;
        return;
    }
    const chosen = checks.filter((check) => groups.length === 0 || groups.includes(check.group));
    if (chosen.some((check) => check.group !== "unit")) await ensureToolchain((line) => console.log(line));
    const total = { passed: 0, failed: 0, skipped: 0 };
    const failures: string[] = [];
    const runAll = async (some: Check[], isBesideOthers = false) => {
        for (const check of some) {
            const counts = await run(check, isBesideOthers);
            for (const key of ["passed", "failed", "skipped"] as const) total[key] += counts[key];
            if (counts.failed > 0) failures.push(check.title);
        }
    };
    const engine = chosen.filter(({ group }) => group === "engine");
    const beside = chosen.filter(({ group }) => engine.length > 0 && besideEngine.includes(group));
    await Promise.all([runAll(engine), runAll(beside, true)]);
    await runAll(chosen.filter((check) => !engine.includes(check) && !beside.includes(check)));
    if (failures.length > 0) console.log(`\nFailed: ${failures.join(", ")}`);
    console.log(
        `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`,
    );
    process.exitCode = total.failed > 0 ? 1 : 0;
}

void main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    console.log("\n0 passed, 1 failed");
    process.exitCode = 1;
});
