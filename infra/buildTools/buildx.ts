import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { BuiltImage } from "./buildState";
import type { BuildVariables } from "./gitReference";
import { BuildProgress } from "./progress";
import { required } from "./readVariables";

/** Function that takes a line of the build log. */
export type Print = (line: string) => void;

/** Commands of `docker buildx` that a build needs. */
export interface Buildx {
    /**
     * Builds, and prints the progress.
     *
     * @param args arguments of `docker buildx build`, the context last
     * @throws Error when the build fails; the printed lines hold the reason
     */
    build(args: string[], print: Print): Promise<BuiltImage>;

    /** Joins images of single platforms under a reference. @throws Error when the registry refuses the index */
    join(reference: string, images: string[]): Promise<void>;
}

/** `docker buildx` as child processes without a shell, with the login and the secrets of this build and a builder of its own. */
export class BuildxProcesses implements Buildx {
    private readonly command: string[];
    private readonly environment: NodeJS.ProcessEnv;
    private builder: string | undefined;
    private builds = 0;

    /** @param folder the work folder, with the files of {@link writeCredentials} */
    constructor(
        private readonly folder: string,
        private readonly variables: BuildVariables,
    ) {
        const folders = (variables["PATH"] ?? "").split(path.delimiter);
        const isAlone = folders.some((one) => fs.existsSync(path.join(one, "docker-buildx")));
        this.command = isAlone ? ["docker-buildx"] : ["docker", "buildx"];
        this.environment = { ...variables, ...buildxVariables(folder) };
    }

    /**
     * Provides a builder while an action runs; a builder that was started for the action is removed afterwards.
     *
     * @throws Error where there is no BuildKit
     */
    async withBuilder(action: () => Promise<void>): Promise<void> {
        const created: string[] = [];
        const args = ["create", "--bootstrap", ...builderArguments(this.folder, this.variables)];
        await this.run(args, (line) => created.push(line), console.log);
        this.builder = created.at(-1);
        try {
            await action();
        } finally {
            if (!this.variables["BUILDKIT_ADDRESS"]) await this.removeBuilder();
        }
    }

    async build(args: string[], print: Print): Promise<BuiltImage> {
        const metadataFile = path.join(this.folder, `metadata-${++this.builds}.json`);
        const progress = new BuildProgress();
        const add = (line: string) => progress.add(line).forEach(print);
        const secrets = fs.readdirSync(path.join(this.folder, "secret-files"));
        await this.run(
            [
                "build",
                `--builder=${this.builder}`,
                "--progress=rawjson",
                `--metadata-file=${metadataFile}`,
                ...secrets.map((id) => `--secret=id=${id},src=${path.join(this.folder, "secret-files", id)}`),
                ...args,
            ],
            add,
            add,
        );
        const metadata = JSON.parse(fs.readFileSync(metadataFile, "utf8")) as { "containerimage.digest"?: string };
        return { summary: progress.summary, digest: metadata["containerimage.digest"] };
    }

    join(reference: string, images: string[]): Promise<void> {
        return this.run(["imagetools", "create", `--tag=${reference}`, ...images], console.log, console.log);
    }

    /** Removes the builder; a failure to do so fails no build. */
    private removeBuilder(): Promise<void> {
        return this.run(["rm", this.builder!], console.log, console.log).catch((error: Error) =>
            console.log(error.message),
        );
    }

    private async run(args: string[], onOutput: Print, onError: Print): Promise<void> {
        const [program, ...first] = this.command;
        const child = spawn(program!, [...first, ...args], {
            env: this.environment,
            stdio: ["ignore", "pipe", "pipe"],
        });
        createInterface({ input: child.stdout }).on("line", onOutput);
        createInterface({ input: child.stderr }).on("line", onError);
        const status = await new Promise<number | string | null>((resolve, reject) => {
            const cannot = ({ message }: Error) => reject(new Error(`The host has no docker buildx: ${message}.`));
            child.once("error", cannot).once("close", (code, signal) => resolve(code ?? signal));
        });
        if (status !== 0) throw new Error(`${[...this.command, args[0]].join(" ")} ended with ${status}.`);
    }
}

/**
 * Settings of a BuildKit that is started for a build: 32 requests to one registry at a time instead of 4. BuildKit asks for each layer of
 * an image.
 *
 * @see https://docs.docker.com/build/buildkit/toml-configuration/
 */
const buildkitSettings = "[system]\n  maxRegistryConcurrency = 32\n";

/**
 * Makes the arguments of `docker buildx create`, for a running BuildKit or for one that is started for this build.
 *
 * @param folder an existing folder for the settings of a BuildKit that is started
 * @throws Error where no variable names a BuildKit
 */
export function builderArguments(folder: string, variables: BuildVariables): string[] {
    const { BUILDKIT_ADDRESS: address } = variables;
    if (address) return ["--driver=remote", address];
    const image = required(variables, "BUILDKIT_IMAGE");
    const file = path.join(folder, "buildkitd.toml");
    fs.writeFileSync(file, buildkitSettings);
    // The name of this option before buildx 0.15, which later ones take as well.
    return ["--driver=docker-container", `--driver-opt=image=${image}`, `--config=${file}`];
}

/** Makes the environment variables of each buildx process. */
function buildxVariables(folder: string): Record<string, string> {
    return {
        DOCKER_CONFIG: path.join(folder, "docker"),
        BUILDX_CONFIG: path.join(folder, "buildx"),
        // Of a build's metadata only the digest is read.
        BUILDX_METADATA_PROVENANCE: "disabled",
        // buildx would run git in the build context, whose settings may name a program: a context can be a repository of its own.
        BUILDX_GIT_INFO: "0",
        BUILDX_GIT_LABELS: "0",
    };
}
