import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../paths";
import { type GoModule, requiredVersion } from "./goModule";
import type { SystemTool } from "./systemTools";

/** Folders below tools/ of the go.mod files that pin the tools; their dependencies exclude each other. */
export const goModuleNames = ["pulumi", "buildkit", "docker-build"] as const;

/** Modules of {@link goModuleNames}, by name. */
export type GoModules = Record<(typeof goModuleNames)[number], GoModule>;

/** Tool that is built from a Go package when the machine does not have it. */
export interface GoTool {
    /** Module that pins the tool. */
    module: keyof GoModules;
    /** Main package of the tool. */
    package: string;
    /** Duration of a build, in seconds; see Step. */
    seconds: number;
    /** Rule that recognises the tool on the machine; `pulumi` is the executable that prints a provider's version. */
    system: (pulumi?: string) => SystemTool;
}

/** Tools that come from Go modules, by their names in a Toolchain. */
export type GoToolTable = Record<"pulumi" | "buildkitd" | "dockerBuildx" | "dockerBuildProvider", GoTool>;

/** Lists the folders of Docker's CLI plugins (docs.docker.com, "Docker plugin directories"; docker/cli cli-plugins/manager). */
export function dockerPluginFolders(): string[] {
    return [
        path.join(process.env.DOCKER_CONFIG ?? path.join(os.homedir(), ".docker"), "cli-plugins"),
        "/usr/local/lib/docker/cli-plugins",
        "/usr/local/libexec/docker/cli-plugins",
        "/usr/lib/docker/cli-plugins",
        "/usr/libexec/docker/cli-plugins",
    ];
}

/** Reads the version of the docker-build SDK; its provider must have the same one, since the engine asks for exactly that. */
export async function dockerBuildVersion(): Promise<string> {
    const text = await fs.readFile(path.join(projectRoot, "package.json"), "utf8");
    const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
    const version = devDependencies["@pulumi/docker-build"];
    if (version === undefined) throw new Error("package.json does not name a version of @pulumi/docker-build.");
    return version;
}

/** Finds the version of BuildKit that a go.mod pins, without a `v`. @throws Error when it pins none */
export function pinnedBuildkitVersion(module: GoModule): string {
    const version = requiredVersion(module, "github.com/moby/buildkit");
    if (version === undefined) throw new Error(`${module.folder}/go.mod does not name a version of BuildKit.`);
    return version.replace(/^v/, "");
}

/**
 * Makes the table of the tools that come from Go modules.
 *
 * @param toolsDirectory folder for Pulumi's own files when it is asked for a version
 * @param modules modules that pin the tools
 */
export async function goToolTable(toolsDirectory: string, modules: GoModules): Promise<GoToolTable> {
    const providerVersion = await dockerBuildVersion();
    const pulumiHome = process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi");
    const pulumiCommand = (pulumi: string, ...args: string[]) => [
        "env",
        `PULUMI_HOME=${path.join(toolsDirectory, "pulumi-home")}`,
        "PULUMI_SKIP_UPDATE_CHECK=true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
        pulumi,
        ...args,
    ];
    return {
        pulumi: {
            module: "pulumi",
            package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            seconds: 150,
            system: () => ({
                name: "pulumi",
                rule: { atLeast: "3.230.0" },
                versionCommand: (executable) => pulumiCommand(executable, "version"),
                // The Automation API looks for bin/pulumi below a root folder.
                accepts: (executable) => Promise.resolve(path.basename(path.dirname(executable)) === "bin"),
            }),
        },
        buildkitd: {
            module: "buildkit",
            package: "github.com/moby/buildkit/cmd/buildkitd",
            seconds: 75,
            system: () => ({
                name: "buildkitd",
                // Another version may export other digests than the build host of the same release.
                rule: { exactly: pinnedBuildkitVersion(modules.buildkit) },
            }),
        },
        dockerBuildx: {
            module: "buildkit",
            package: "github.com/docker/buildx/cmd/buildx",
            seconds: 35,
            system: () => ({
                name: "docker-buildx",
                rule: { atLeast: "0.20.0" },
                versionCommand: (executable) => [executable, "version"],
                folders: dockerPluginFolders(),
            }),
        },
        dockerBuildProvider: {
            module: "docker-build",
            package: "github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build",
            seconds: 60,
            system: (pulumi = "pulumi") => ({
                name: "pulumi-resource-docker-build",
                rule: { exactly: providerVersion },
                // A provider has no version option; its schema says it. Pulumi refuses the command in a folder that is both a program and
                // a package, as this repository is.
                versionCommand: (executable) => pulumiCommand(pulumi, "package", "get-schema", executable, "--cwd=/"),
                folders: [path.join(pulumiHome, "plugins", `resource-docker-build-v${providerVersion}`)],
            }),
        },
    };
}
