import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../paths";
import type { SystemTool } from "./systemTools";

/** A tool that is built from a Go package when the machine does not have it. */
export interface GoTool {
    /** Which go.mod pins it: tools/go.mod or tools/pulumi/go.mod (their dependencies exclude each other). */
    module: "tools" | "pulumi";
    /** The main package. */
    package: string;
    /** How long a build takes on two cores with nothing cached. */
    estimate: string;
    /** How it is recognised on the machine; `pulumi` is the executable to ask for a provider's version. */
    system: (pulumi?: string) => SystemTool;
}

/** @returns where Docker keeps CLI plugins (docs.docker.com, "Docker plugin directories"; docker/cli cli-plugins/manager). */
export function dockerPluginFolders(): string[] {
    return [
        path.join(process.env.DOCKER_CONFIG ?? path.join(os.homedir(), ".docker"), "cli-plugins"),
        "/usr/local/lib/docker/cli-plugins",
        "/usr/local/libexec/docker/cli-plugins",
        "/usr/lib/docker/cli-plugins",
        "/usr/libexec/docker/cli-plugins",
    ];
}

/** The version of the docker-build SDK; its provider must be the same one, since the engine asks for exactly that. */
export async function dockerBuildVersion(): Promise<string> {
    const text = await fs.readFile(path.join(projectRoot, "package.json"), "utf8");
    const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
    const version = dependencies["@pulumi/docker-build"];
    if (version === undefined) throw new Error("package.json does not name a version of @pulumi/docker-build.");
    return version;
}

/**
 * @param toolsDirectory where Pulumi may keep its own files when it is asked for a version
 * @returns the tools of tools/go.mod and tools/pulumi/go.mod
 */
export async function goToolTable(
    toolsDirectory: string,
): Promise<Record<"pulumi" | "buildkitd" | "dockerBuildx" | "dockerBuildProvider", GoTool>> {
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
            estimate: "about 3 min",
            system: () => ({
                name: "pulumi",
                rule: { atLeast: "3.200.0" },
                versionCommand: (executable) => pulumiCommand(executable, "version"),
                // The Automation API looks for bin/pulumi below a root folder.
                accepts: (executable) => Promise.resolve(path.basename(path.dirname(executable)) === "bin"),
            }),
        },
        buildkitd: {
            module: "tools",
            package: "github.com/moby/buildkit/cmd/buildkitd",
            estimate: "about 1 min",
            system: () => ({
                name: "buildkitd",
                rule: { atLeast: "0.28.0" },
                versionCommand: (executable) => [executable, "--version"],
            }),
        },
        dockerBuildx: {
            module: "tools",
            package: "github.com/docker/buildx/cmd/buildx",
            estimate: "about 30 s",
            system: () => ({
                name: "docker-buildx",
                rule: { atLeast: "0.20.0" },
                versionCommand: (executable) => [executable, "version"],
                folders: dockerPluginFolders(),
            }),
        },
        dockerBuildProvider: {
            module: "tools",
            package: "github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build",
            estimate: "about 2 min",
            system: (pulumi = "pulumi") => ({
                name: "pulumi-resource-docker-build",
                rule: { exactly: providerVersion },
                // A provider has no version option; its schema says it.
                versionCommand: (executable) => pulumiCommand(pulumi, "package", "get-schema", executable),
                folders: [path.join(pulumiHome, "plugins", `resource-docker-build-v${providerVersion}`)],
            }),
        },
    };
}
