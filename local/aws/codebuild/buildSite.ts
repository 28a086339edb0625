import * as fs from "node:fs/promises";
import * as path from "node:path";
import { networkVariables, pickVariables } from "../../machine/environment";
import { projectRoot } from "../../paths";
import type { World } from "../../world/services";
import type { Toolchain } from "../../world/toolchain";
import { EmptyBuilder } from "./builder";
import { type CredentialsServer, serveCredentials } from "./credentialsServer";
import type { CredentialsProvider } from "../roleCredentials";

/** Variables of the machine that builds need to reach the network; a build gets no other variable of the caller. */
const passedOn = [...networkVariables, "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"];

/** Folders that npm adds to the PATH: programs of this repository, which no build host has. */
const npmFolders = /\/node_modules\/\.bin$|\/node-gyp-bin$/;

/** Address of Docker's daemon in a build without privileged mode. CodeBuild starts no daemon there, and the build must not use this machine's. */
const noDocker = "unix:///no-docker-without-privileged-mode.sock";

/** Settings of a site. */
export interface SiteOptions {
    /** Folder of the site, created and removed with it. */
    folder: string;
    toolchain: Toolchain;
    world: World;
    credentials: CredentialsProvider;
    /** Whether the build may have Docker: the project's privileged mode. */
    privileged: boolean;
    /** Function that takes one sentence when the builder could not be started. */
    onBuilderFailure: (sentence: string) => void;
}

/** Host of one build: its folders, programs, credentials and builder. All of it is removed with the build. */
export class BuildSite {
    /** Folder that holds source and home. */
    readonly folder: string;
    /** Source folder, CODEBUILD_SRC_DIR. */
    readonly sourceDirectory: string;
    /** Home folder of the build, HOME. */
    readonly homeDirectory: string;
    /** Folder of the runner's own files. */
    readonly stateDirectory: string;

    private constructor(
        private readonly options: SiteOptions,
        private readonly builder: EmptyBuilder | undefined,
        private readonly credentials: CredentialsServer,
    ) {
        this.folder = options.folder;
        this.sourceDirectory = path.join(this.folder, "src");
        this.homeDirectory = path.join(this.folder, "home");
        this.stateDirectory = path.join(this.folder, "state");
    }

    /** Prepares the host. @throws Error of one sentence when a part is missing */
    static async prepare(options: SiteOptions): Promise<BuildSite> {
        const { folder, toolchain, privileged } = options;
        for (const name of ["bin", "home", "tmp", "state", "docker", "buildx"]) {
            await fs.mkdir(path.join(folder, name), { recursive: true, mode: 0o700 });
        }
        await installPrograms(path.join(folder, "bin"), toolchain);
        // Without root BuildKit cannot run here; builds then use Docker's, as on AWS.
        const isRoot = process.getuid?.() === 0;
        const builder =
            privileged && isRoot
                ? new EmptyBuilder(path.join(folder, "builder"), toolchain, options.onBuilderFailure)
                : undefined;
        await builder?.listen();
        return new BuildSite(options, builder, await serveCredentials(options.credentials));
    }

    /** Whether BuildKit was started. */
    get builderStarted(): boolean {
        return this.builder?.started ?? false;
    }

    /** Values that logs must not show. */
    get secrets(): string[] {
        return [this.credentials.token];
    }

    /** Makes the environment that the host gives to a build. */
    environment(): Record<string, string> {
        const { folder, world } = this.options;
        const below = (name: string) => path.join(folder, name);
        return {
            ...pickVariables(passedOn),
            ...this.credentials.environment,
            AWS_EC2_METADATA_DISABLED: "true",
            AWS_ENDPOINT_URL: world.endpoint,
            BUILDX_CONFIG: below("buildx"),
            DOCKER_CONFIG: below("docker"),
            HOME: below("home"),
            LANG: "C.UTF-8",
            PATH: [below("bin"), path.dirname(process.execPath), ...machinePath()].join(path.delimiter),
            TMPDIR: below("tmp"),
            ...(this.builder && { BUILDKIT_ADDRESS: this.builder.address }),
            ...(!this.options.privileged && { DOCKER_HOST: noDocker }),
        };
    }

    /** Ends the builder and removes all folders. */
    async close(): Promise<void> {
        await this.credentials.close();
        await this.builder?.close();
        await fs.rm(this.options.folder, { recursive: true, force: true });
    }
}

function machinePath(): string[] {
    return (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "" && !npmFolders.test(folder));
}

/** Installs programs of CodeBuild's images that this machine may lack. */
async function installPrograms(folder: string, { aws, dockerBuildx }: Toolchain): Promise<void> {
    await fs.symlink(aws, path.join(folder, "aws"));
    await fs.symlink(dockerBuildx, path.join(folder, "docker-buildx"));
    const bootstrap = path.join(projectRoot, "local", "bootstrap.js");
    const hashFiles = `#!/bin/sh\nexec "${process.execPath}" "${bootstrap}" local/aws/codebuild/hashFiles.ts "$@"\n`;
    await fs.writeFile(path.join(folder, "codebuild-hash-files"), hashFiles, { mode: 0o755 });
}
