import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { EmptyBuilder } from "../../local/aws/codebuild/builder";
import { builderEnvironment } from "../../local/world/services";
import { BuildSteps } from "../../local/world/stack/buildSteps";
import type { Toolchain } from "../../local/world/toolchain";
import type { HostFolders } from "./hostFolders";

/** Number of lines of a failed build that its error holds. */
const shownLines = 20;

/** Settings of a host. */
export interface HostOptions {
    toolchain: Toolchain;
    hostFolders: HostFolders;
    /** Folder with a login of the registry, DOCKER_CONFIG. */
    dockerConfig: string;
    /** Signal that ends the running build. */
    signal: AbortSignal;
    /** Function that takes each line of `docker buildx`. @default - they are only counted */
    onLine?: (line: string) => void;
}

/** Host without data of earlier builds: BuildKit starts with the first build and ends with the host. */
export class BuildHost {
    /** Number of Dockerfile steps that were executed so far. */
    stepsRun = 0;
    private readonly builder: EmptyBuilder;
    private registration: Promise<void> | undefined;

    private constructor(
        /** Absolute path of the host's folder. */
        readonly folder: string,
        private readonly options: HostOptions,
    ) {
        const onFailure = (sentence: string) => console.error(sentence);
        this.builder = new EmptyBuilder(path.join(folder, "builder"), options.toolchain, onFailure);
    }

    /** Prepares a host. @param folder a folder that does not exist yet (absolute) */
    static async prepare(folder: string, options: HostOptions): Promise<BuildHost> {
        await options.hostFolders.make(folder);
        const host = new BuildHost(folder, options);
        try {
            await fs.mkdir(path.join(folder, "buildx"), { mode: 0o700 });
            await host.builder.listen();
            return host;
        } catch (error) {
            await host.close();
            throw error;
        }
    }

    /** Whether BuildKit was started. */
    get builderStarted(): boolean {
        return this.builder.started;
    }

    /** Ends BuildKit and removes the folder. */
    async close(): Promise<void> {
        await this.builder.close();
        await this.options.hostFolders.remove(this.folder);
    }

    /**
     * Runs `docker buildx build`, and counts its steps.
     *
     * @throws Error with the end of its output
     */
    async build(args: string[]): Promise<void> {
        const steps = new BuildSteps();
        await this.runBuild(args, (line) => steps.add(line));
        this.stepsRun += steps.run;
    }

    /** Builds as {@link build} does, in place of another command: its steps do not count as the Dockerfile's. */
    async auxiliaryBuild(args: string[]): Promise<void> {
        await this.runBuild(args, () => undefined);
    }

    /** Runs another command of `docker buildx`. @throws Error with the end of its output */
    async buildx(args: string[], onLine: (line: string) => void = () => undefined): Promise<void> {
        const { toolchain, dockerConfig, signal, onLine: onAnyLine } = this.options;
        const env = builderEnvironment({ buildxConfig: path.join(this.folder, "buildx"), dockerConfig });
        const child = spawn(toolchain.dockerBuildx, args, { env, stdio: ["ignore", "ignore", "pipe"], signal });
        const last: string[] = [];
        createInterface(child.stderr).on("line", (line) => {
            onLine(line);
            onAnyLine?.(line);
            last.push(line);
            if (last.length > shownLines) last.shift();
        });
        const [code] = (await once(child, "close")) as [number | null];
        if (code !== 0) throw new Error(`docker buildx ${args.join(" ")} failed:\n${last.join("\n")}`);
    }

    private async runBuild(args: string[], onLine: (line: string) => void): Promise<void> {
        this.registration ??= this.buildx(["create", "--name=host", "--driver=remote", this.builder.address]);
        await this.registration;
        await this.buildx(["build", "--builder=host", "--progress=plain", ...args], onLine);
    }
}
