import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";
import { describeUnclear } from "../../image/pinned";
import { planImages } from "./plan";
import { BuildProgress } from "./progress";
import { readSecrets, readVariables } from "./readVariables";
import { artifactFiles, exportedValues, metricsLine } from "./results";
import { WorkFolder } from "./workFolder";

/**
 * The commands that the buildspec calls, in its order. Bundled into one file that CodeBuild's Node runs; what a command prints
 * goes to the build log.
 */
const commands: Record<string, (...args: string[]) => void | Promise<void>> = {
    /** What is built, and under which names. */
    plan(folder) {
        const input = readVariables(process.env, process.cwd());
        const images = planImages(input);
        new WorkFolder(folder).writePlan(images, readSecrets(process.env, input));
        const { reference } = input;
        console.log(`Building ${reference.kind === "branch" ? `branch ${reference.name}` : reference.kind}:`);
        for (const { name, tag, builds } of images) {
            console.log(`  ${name} is ${tag}`);
            const stages = builds.flatMap(({ pinned }) => pinned.map(({ stage }) => stage));
            for (const stage of stages) console.log(`    its stage ${stage.name} is ${stage.tag}`);
            const warnings = new Set(stages.flatMap((stage) => describeUnclear(stage) ?? []));
            for (const warning of warnings) console.log(`    WARNING: ${warning}`);
        }
    },

    /** After the lookup: which images are adopted, and which have to be built. */
    builds(folder) {
        const work = new WorkFolder(folder);
        const missing = work.plan().filter((image) => {
            const found = work.found(image);
            console.log(`  ${image.name} ${found === undefined ? "has to be built" : `exists: ${found.digest}`}`);
            if (found !== undefined && image.tests !== undefined) work.writeAdoptedReport(image);
            return found === undefined;
        });
        work.writeBuilds(missing);
    },

    /** Reads ECR's GetAuthorizationToken on standard input, writes Docker's configuration with it. */
    login(registries, configFile) {
        const answer = JSON.parse(fs.readFileSync(0, "utf8")) as {
            authorizationData?: { authorizationToken?: string }[];
        };
        const auth = answer.authorizationData?.[0]?.authorizationToken;
        if (auth === undefined) throw new Error("ECR gave no login.");
        const hosts = fs.readFileSync(registries, "utf8").split("\n").filter(Boolean);
        const content = JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { auth }])) });
        fs.writeFileSync(configFile, content, { mode: 0o600 });
    },

    /** Reads Secrets Manager's GetSecretValue on standard input, writes the secret's own bytes. */
    secret(file) {
        const { Name, SecretString } = JSON.parse(fs.readFileSync(0, "utf8")) as Record<string, string | undefined>;
        if (SecretString === undefined) throw new Error(`The secret ${Name} holds bytes; a text is needed.`);
        fs.writeFileSync(file, SecretString, { mode: 0o600 });
    },

    /** Reads BuildKit's progress on standard input, prints it for people, writes a summary. */
    async progress(summaryFile) {
        const progress = new BuildProgress();
        for await (const line of readline.createInterface({ input: process.stdin })) {
            for (const text of progress.add(line)) console.log(text);
        }
        fs.writeFileSync(summaryFile, JSON.stringify(progress.summary));
    },

    /** After the builds of pinned stages: what takes their place in the builds of images and tests. */
    contexts(folder) {
        new WorkFolder(folder).writeContexts();
    },

    /** After the tests: fails when one of them did. */
    tests(folder) {
        const { tests, failed } = new WorkFolder(folder).testCounts();
        if (tests > 0) console.log(`Test results: ${tests}, ${failed} failed`);
        if (failed > 0)
            throw new Error(`${failed} of ${tests} tests failed, so no image is built; the report has them.`);
    },

    /** After the builds: which indexes join the images of several platforms. */
    indexes(folder) {
        new WorkFolder(folder).writeIndexes();
    },

    /** After the second lookup: exported variables, artifacts, what gets the commit's tag, and the metrics. */
    results(folder, artifacts) {
        const work = new WorkFolder(folder);
        const results = work.results();
        work.writeCommitTags(work.plan());
        work.writeExports(exportedValues(results));
        fs.mkdirSync(artifacts, { recursive: true });
        for (const [file, content] of Object.entries(artifactFiles(results))) {
            fs.writeFileSync(path.join(artifacts, file), `${JSON.stringify(content)}\n`);
        }
        const project = (process.env["CODEBUILD_BUILD_ID"] ?? "").split(":")[0]!;
        console.log(metricsLine(project, results, work.marks()));
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
