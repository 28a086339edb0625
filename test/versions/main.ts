import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as prettier from "prettier";
import { hardwareText } from "../../bench/report/machine";
import { Fault, runCommandLine } from "../../local/commands/command";
import { projectRoot } from "../../local/paths";
import { inClone, newestRelease, runInClone } from "./clone";
import { type Combination, combinationsOf, type Manifest, titleOf } from "./combinations";
import { chosenCombinations, parseVersionsOptions } from "./options";
import { type Matrix, versionsPage } from "./page";
import { outcomeOf, type Suite, suites, withResult } from "./results";

/** Results of earlier runs (absolute). */
const resultsFile = path.join(__dirname, "measured.json");

/** Page of the results (absolute). */
const page = path.join(projectRoot, "docs/versions.md");

/**
 * Runs `npm run versions [-- --only "node 24"] [--suite unit]`: runs the suites with each combination of versions, and writes each result to
 * docs/versions.md as soon as it is there. Results of earlier runs stay unless they are of other versions.
 */
void runCommandLine(async (signal) => {
    const options = parseVersionsOptions(process.argv.slice(2));
    const manifest = readJson<Manifest>(path.join(projectRoot, "package.json"));
    const combinations = await combinationsOf(manifest, newestRelease);
    const chosen = chosenCombinations(combinations, options.only);
    if (execFileSync("git", ["status", "--porcelain"], { cwd: projectRoot }).length > 0) {
        console.log("Files with changes that are not committed are tested as the last commit has them.");
    }
    let failed = 0;
    for (const combination of chosen) {
        console.log(`${titleOf(combination)}: installing …`);
        await inClone(combination, signal, async (folder) => {
            for (const suite of options.suites) {
                failed += await runSuite(suite, combination, combinations, folder, signal);
            }
        });
    }
    if (failed > 0) throw new Fault(`${failed} tests failed; their names are above.`);
});

/** Runs a suite in a clone, prints and writes its result. @returns number of tests that failed */
async function runSuite(
    suite: Suite,
    versions: Combination,
    combinations: Combination[],
    folder: string,
    signal: AbortSignal,
): Promise<number> {
    const title = `${titleOf(versions)}: ${suite}`;
    const log = path.join(projectRoot, ".local/logs", `versions-${title.replace(/[^\w.]+/g, "-").toLowerCase()}.log`);
    console.log(`${title} …`);
    const started = performance.now();
    const exitCode = await runInClone(suites[suite], folder, log, signal);
    const seconds = Math.round((performance.now() - started) / 1000);
    const { failures, ...counts } = outcomeOf(fs.readFileSync(log, "utf8"), exitCode);
    console.log(`${title}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, ${seconds} s`);
    if (counts.failed > 0) console.log([...failures, `Log: ${path.relative(process.cwd(), log)}`].join("\n"));
    const earlier = fs.existsSync(resultsFile) ? readJson<Matrix>(resultsFile).results : [];
    const date = new Date().toISOString().slice(0, 10);
    const result = { versions, suite, ...counts, seconds, date, machine: hardwareText() };
    await write({ combinations, results: withResult(earlier, result, combinations) });
    return counts.failed;
}

function readJson<T>(file: string): T {
    return JSON.parse(fs.readFileSync(file, "utf8")) as T;
}

async function write(matrix: Matrix): Promise<void> {
    for (const [file, text] of [
        [resultsFile, JSON.stringify(matrix)],
        [page, versionsPage(matrix)],
    ] as const) {
        const options = await prettier.resolveConfig(file);
        fs.writeFileSync(file, await prettier.format(text, { ...options, filepath: file }));
    }
}
