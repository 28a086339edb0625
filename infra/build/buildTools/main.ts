import * as fs from "node:fs";
import * as readline from "node:readline";
import { BuildProgress } from "./progress";
import { TestReports } from "./testReports";
import { WorkFolder } from "./workFolder";

/**
 * The commands that the buildspec calls, in its order. Bundled into one file that CodeBuild's Node runs; what a command prints
 * goes to the build log.
 */
const commands: Record<string, (...args: string[]) => void | Promise<void>> = {
    /** What is built, and under which names; what exists already is adopted. */
    async prepare(folder) {
        // Loaded where they are needed: AWS's SDK takes longer to load than the other commands take in all.
        const { prepare } = await import("./prepare.js");
        await prepare(folder, process.env, process.cwd());
    },

    /** Reads BuildKit's progress on standard input, prints it for people, writes a summary. */
    async progress(summaryFile) {
        const progress = new BuildProgress();
        for await (const line of readline.createInterface({ input: process.stdin })) {
            for (const text of progress.add(line)) console.log(text);
        }
        fs.writeFileSync(summaryFile, JSON.stringify(progress.summary));
    },

    /** After the builds of pinned stages: they are proven, and what takes their place in the builds of images and tests is written. */
    async contexts(folder) {
        const { finishStages } = await import("./finishStages.js");
        await finishStages(folder, process.env);
    },

    /** After the tests: fails when one of them did. */
    tests(folder) {
        const { tests, failed } = new TestReports(folder).counts();
        if (tests > 0) console.log(`Test results: ${tests}, ${failed} failed`);
        if (failed > 0)
            throw new Error(`${failed} of ${tests} tests failed, so no image is built; the report has them.`);
    },

    /** After the builds: which indexes join the images of several platforms. */
    indexes(folder) {
        new WorkFolder(folder).writeIndexes();
    },

    /** After everything was pushed: the commit's tag, exported variables, artifacts, and the metrics. */
    async finish(folder, artifacts) {
        const { finish } = await import("./finish.js");
        await finish(folder, artifacts, process.env);
    },
};

async function main([name = "", ...args]: string[]): Promise<void> {
    const command = commands[name];
    if (command === undefined) {
        throw new Error(`There is no command "${name}"; there are ${Object.keys(commands).join(", ")}.`);
    }
    await command(...args);
}

main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
});
