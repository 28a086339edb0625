import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Build } from "@aws-sdk/client-codebuild";
import { BuildStore, type LogLine, runBuild, submitBuild } from "../../local/aws/codebuild";
import { hostsDirectory } from "../../local/aws/codebuild/buildRun";
import { buildsDirectory } from "../../local/aws/codebuild/buildStore";
import { projectRoot, worldDirectory } from "../../local/paths";
import { openLocalStack, runUp } from "../../local/world/stack";
import type { Report } from "../../local/world/toolchain";
import { compressedSize } from "../workloads/compressedSize";
import { python } from "../workloads/python";
import { pythonPinnedStages } from "../workloads/pythonApplication";
import type { Edits } from "../workloads/workload";
import type { Measurement } from "./chain";
import { difference, readCounters } from "./counters";
import { DeployedLayers } from "./deployedLayers";
import type { BenchEnvironment } from "./environment";

/** Strategy of builds through the project that the program declares, run as CodeBuild runs them. */
export const codebuildStrategy = {
    name: "ours, CodeBuild",
    description: "The declared CodeBuild project under its own role, from SUBMITTED to COMPLETED.",
};

/** Names of the cases that are measured through CodeBuild. */
const codebuildCases = ["cold", "nothing changed", "code line"] as const;

const editsOf: Record<(typeof codebuildCases)[number], Edits> = {
    cold: {},
    "nothing changed": {},
    "code line": { code: 1 },
};

/** Declared project for the Python application. */
export class CodeBuildPath {
    private constructor(
        private readonly environment: BenchEnvironment,
        private readonly projectName: string,
        private readonly repositoryName: string,
    ) {}

    /** Declares the stack, on the real engine. */
    static async declare(environment: BenchEnvironment, report: Report): Promise<CodeBuildPath> {
        report("pulumi up …");
        const context = contextBelow(projectRoot);
        await writeApplication(context, {}, environment);
        const images = [
            {
                name: "app",
                context: path.relative(projectRoot, context),
                pinnedStages: pythonPinnedStages.map(({ name }) => name),
            },
        ];
        // Packages come over plain HTTP, so no build step needs this machine's certificates.
        const settings = { images, caCertificates: "" };
        const stack = await openLocalStack({ ...environment, stackName: "bench", settings });
        const { outputs } = await runUp(stack, environment, () => undefined, environment.signal);
        const { buildProjectName, repositoryUrl } = outputs as { buildProjectName: string; repositoryUrl: string };
        return new CodeBuildPath(environment, buildProjectName, repositoryUrl.slice(repositoryUrl.indexOf("/") + 1));
    }

    /** Measures all cases once, in their order. */
    async measure(report: Report): Promise<Map<string, Measurement>> {
        const { repositories } = this.environment;
        await repositories.remove(this.repositoryName);
        await repositories.create(this.repositoryName);
        const measurements = new Map<string, Measurement>();
        const deployed = new DeployedLayers(repositories);
        for (const name of codebuildCases) {
            const measurement = await this.buildOnEmptyHost(editsOf[name], deployed);
            report(`${codebuildStrategy.name}, ${name}: ${measurement.seconds.toFixed(1)} s`);
            measurements.set(name, measurement);
        }
        return measurements;
    }

    private async buildOnEmptyHost(edits: Edits, deployed: DeployedLayers): Promise<Measurement> {
        const { hostFolders } = this.environment;
        const folder = hostsDirectory(worldDirectory());
        await hostFolders.make(folder);
        try {
            return await this.build(edits, deployed);
        } finally {
            await hostFolders.remove(folder);
        }
    }

    private async build(edits: Edits, deployed: DeployedLayers): Promise<Measurement> {
        const { world, toolchain, packageServer, signal } = this.environment;
        const sourceDirectory = await fs.mkdtemp(path.join(worldDirectory(), "source-"));
        const context = contextBelow(sourceDirectory);
        await writeApplication(context, edits, this.environment);
        const host = { toolchain, world, directory: worldDirectory(), store: new BuildStore(buildsDirectory()) };
        const log: string[] = [];
        const sink = {
            write: (lines: LogLine[]) => Promise.resolve(void log.push(...lines.map(({ text }) => text))),
            close: () => Promise.resolve(),
        };
        const before = await readCounters(world, packageServer);
        const started = performance.now();
        const request = { start: { projectName: this.projectName }, sourceDirectory, initiator: "bench" };
        const record = await runBuild(await submitBuild(request, host), host, [sink], signal);
        const seconds = (performance.now() - started) / 1000;
        if (record.buildStatus !== "SUCCEEDED") {
            throw new Error(`The CodeBuild build ended as ${record.buildStatus}:\n${log.slice(-20).join("\n")}`);
        }
        const counters = difference(before, await readCounters(world, packageServer));
        const newLayerBytes = await deployed.deploy([`${world.registry}/${this.repositoryName}:${tagOf(record)}`]);
        const measurement = {
            ...counters,
            ...(newLayerBytes !== undefined && { newLayerBytes }),
            seconds,
            stepsRun: stepsRun(log),
            builderStarted: record.builderStarted,
            codeBytes: await compressedSize(path.join(context, "app")),
        };
        await fs.rm(sourceDirectory, { recursive: true });
        return measurement;
    }
}

/** Names the build context below a root: the same place below the program's and below a source's. */
function contextBelow(root: string): string {
    return path.join(root, path.relative(projectRoot, worldDirectory()), "codebuild-application");
}

async function writeApplication(context: string, edits: Edits, { site }: BenchEnvironment): Promise<void> {
    await python.writeSource(context, edits, site);
    await fs.writeFile(path.join(context, "Dockerfile"), python.images[0]!.dockerfiles.ours);
}

/** Reads the tag of the image from the variables that the buildspec exports. */
function tagOf({ exportedEnvironmentVariables = [] }: Pick<Build, "exportedEnvironmentVariables">): string {
    return exportedEnvironmentVariables.find(({ name }) => name === "IMAGE_TAG")!.value!;
}

/** Reads the buildspec's own count from its line of metrics. */
function stepsRun(log: string[]): number {
    const metrics = JSON.parse(log.find((line) => line.startsWith('{"_aws"')) ?? "{}") as { StepsRun?: number };
    return metrics.StepsRun ?? 0;
}
