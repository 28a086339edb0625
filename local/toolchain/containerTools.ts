import * as path from "node:path";
import { runCommand } from "./command";
import type { ToolContext } from "./context";
import { debianPackages, libraryPath } from "./debianPackages";
import { readGoModule } from "./goModule";
import { ensureBuilt } from "./goTools";
import { dockerPluginFolders } from "./goToolTable";
import { findSystemTool, type SystemTool } from "./systemTools";

/** What containers are run with: absolute paths of executables. */
export interface ContainerTools {
    dockerd: string;
    docker: string;
    dockerCompose: string;
    /** Variables that dockerd needs to find what it starts, besides PATH. */
    environment: Record<string, string>;
    /** Folders that dockerd needs on PATH, before the person's own. */
    folders: string[];
}

const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

const docker: SystemTool = {
    name: "docker",
    rule: { atLeast: "20.10.0" },
    versionCommand: (executable) => [executable, "--version"],
};

const dockerd: SystemTool = {
    name: "dockerd",
    // The first one that unpacks layers by zstd: https://docs.docker.com/engine/release-notes/23.0/
    rule: { atLeast: "23.0.0" },
    versionCommand: (executable) => [executable, "--version"],
    folders: systemFolders,
};

/** What dockerd publishes ports by; the two understand each other in one version only. */
const dockerProxy: SystemTool = { ...dockerd, name: "docker-proxy" };

const dockerVersion = {
    variable: "github.com/docker/docker/dockerversion.Version",
    module: "github.com/docker/docker",
    prefix: "",
};

const dockerCompose: SystemTool = {
    name: "docker-compose",
    rule: { atLeast: "2.20.0" },
    versionCommand: (executable) => [executable, "version"],
    folders: dockerPluginFolders(),
};

/**
 * The Debian packages of containerd, runc and Docker's client, which come with its daemon; that one is too old in Debian 12.
 * iptables is what gives containers their name server.
 */
const packages = ["docker.io", "iptables"];

/**
 * Finds Docker and its compose plugin on this machine, or fetches and builds them below .tools/.
 *
 * @param compiler done when Go has nothing else to compile
 * @throws one sentence when they cannot be had
 */
export async function findContainerTools(context: ToolContext, compiler?: Promise<unknown>): Promise<ContainerTools> {
    await compiler;
    return { dockerCompose: await ensureCompose(context), ...(await ensureDocker(context)) };
}

async function ensureCompose(context: ToolContext): Promise<string> {
    const found = await findSystemTool(dockerCompose, context);
    if (found !== undefined) return found;
    const module = await readGoModule(path.join(context.pinsDirectory, "compose"));
    const tool = { package: "github.com/docker/compose/v2/cmd", estimate: "about 1 min" };
    return ensureBuilt(tool, dockerCompose, module, context);
}

async function ensureDocker(context: ToolContext): Promise<Omit<ContainerTools, "dockerCompose">> {
    const installed = await findSystemTool(dockerd, context);
    const client = await findSystemTool(docker, context);
    if (installed !== undefined && client !== undefined) {
        return { dockerd: installed, docker: client, environment: {}, folders: [] };
    }
    const root = await debianPackages("docker", packages, context.report, context.signal);
    const folder = (...names: string[]) => path.join(root, ...names);
    const libraries = await libraryPath(root);
    const environment = {
        LD_LIBRARY_PATH: libraries,
        // Where the packages' iptables finds its extensions.
        XTABLES_LIBDIR: libraries
            .split(":")
            .map((one) => path.join(one, "xtables"))
            .join(":"),
    };
    const [executable, proxy] = await buildDockerDaemon(context);
    // Debian's alternatives, which choose one of the two, are made when a package is installed.
    await runCommand("ln", ["-sf", "iptables-nft", folder("usr/sbin/iptables")], { signal: context.signal });
    return {
        dockerd: executable,
        docker: folder("usr/bin/docker"),
        environment,
        folders: [path.dirname(proxy), folder("usr/bin"), folder("usr/sbin")],
    };
}

/** @returns the executables of dockerd and docker-proxy */
async function buildDockerDaemon(context: ToolContext): Promise<[dockerd: string, dockerProxy: string]> {
    const module = await readGoModule(path.join(context.pinsDirectory, "docker"));
    const build = (tool: SystemTool, estimate: string) => {
        const source = { package: `github.com/docker/docker/cmd/${tool.name}`, versionVariables: [dockerVersion] };
        return ensureBuilt({ ...source, estimate }, tool, module, context);
    };
    return [await build(dockerd, "about 2 min"), await build(dockerProxy, "about 10 s")];
}
