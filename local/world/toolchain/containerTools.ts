import * as path from "node:path";
import { debianRelease } from "./apt";
import type { ToolContext } from "./context";
import { libraryPath, unpackedPackages } from "./debianPackages";
import type { DebianTools } from "./debianTools";
import { readGoModule } from "./goModule";
import { ensureBuilt } from "./goTools";
import { dockerPluginFolders } from "./goToolTable";
import { findSystemTool, isUsable, systemFolders, type SystemTool, versionOf } from "./systemTools";
import { describeRule } from "./version";

/** Absolute paths of the executables that run containers. */
export interface ContainerTools {
    dockerd: string;
    docker: string;
    dockerCompose: string;
    /** Variables that dockerd needs to find its programs, besides PATH. */
    environment: Record<string, string>;
    /** Folders that dockerd needs on PATH, before the person's own. */
    folders: string[];
}

const docker: SystemTool = {
    name: "docker",
    rule: { atLeast: "20.10.0" },
};

const dockerd: SystemTool = {
    name: "dockerd",
    // The first one that unpacks layers by zstd: https://docs.docker.com/engine/release-notes/23.0/
    rule: { atLeast: "23.0.0" },
    folders: systemFolders,
};

/** Program that publishes dockerd's ports; both must have the same version. */
const dockerProxy: SystemTool = { ...dockerd, name: "docker-proxy" };

const containerd: SystemTool = {
    name: "containerd",
    // Debian's docker.io asks for it.
    rule: { atLeast: "1.4.0" },
};

/** Program that dockerd starts as the first process of a container with `init: true`. */
const dockerInit: SystemTool = {
    name: "docker-init",
    rule: { atLeast: "0.18.0" },
};

const dockerCompose: SystemTool = {
    name: "docker-compose",
    rule: { atLeast: "2.20.0" },
    versionCommand: (executable) => [executable, "version"],
    folders: dockerPluginFolders(),
};

/** Program that gives containers their name server. */
const iptables: SystemTool = {
    name: "iptables",
    rule: { atLeast: "1.8.0" },
    folders: systemFolders,
};

/** Release of Debian that Docker comes from, its packages, and the paths of their programs. */
const packaged = {
    release: "trixie",
    packages: ["docker.io", "docker-cli", "containerd", "tini", "docker-compose"],
    programs: [
        [dockerd, "usr/sbin/dockerd"],
        [dockerProxy, "usr/sbin/docker-proxy"],
        [docker, "usr/bin/docker"],
        [containerd, "usr/bin/containerd"],
        [dockerInit, "usr/bin/docker-init"],
        [dockerCompose, "usr/bin/docker-compose"],
    ] satisfies [SystemTool, string][],
};

/** Promises that the tools for containers need of others. */
export interface ContainerNeeds {
    /** Tools with runc, which comes from the machine's own release: another one may need another libc. */
    debian: Promise<DebianTools>;
    /** Promise that resolves when Go has nothing else to compile. */
    compiler: Promise<unknown>;
}

/** Executables of Docker, and the folders of dockerd's programs. */
type Docker = Omit<ContainerTools, "dockerCompose">;

/**
 * Finds Docker and its compose plugin on this machine, or fetches them from a release of Debian that has them new enough. Packages that
 * cannot be fetched or do not run are replaced by a build.
 *
 * @throws one sentence when they cannot be provided
 */
export async function findContainerTools(context: ToolContext, needs: ContainerNeeds): Promise<ContainerTools> {
    const daemon = await findSystemTool(dockerd, context);
    const client = await findSystemTool(docker, context);
    const compose = await findSystemTool(dockerCompose, context);
    const own = daemon && client ? { dockerd: daemon, docker: client, environment: {}, folders: [] } : undefined;
    if (own && compose) return { ...own, dockerCompose: compose };
    const root = await fetchDocker(context);
    if (root !== undefined) {
        const fetched = own ?? (await fetchedDocker(root, (await needs.debian).runc, context));
        return { ...fetched, dockerCompose: compose ?? path.join(root, "usr/bin/docker-compose") };
    }
    await needs.compiler;
    return { ...(own ?? (await builtDocker(context))), dockerCompose: compose ?? (await buildCompose(context)) };
}

/** Fetches Docker's packages. @returns the folder of the unpacked packages; undefined when they cannot be fetched or do not run here */
async function fetchDocker(context: ToolContext): Promise<string | undefined> {
    const { release, packages, programs } = packaged;
    const isUsableSet = async (root: string) => {
        const checks = programs.map(([tool, file]) => isUsable(path.join(root, file), tool, context));
        return (await Promise.all(checks)).every((check) => check);
    };
    try {
        const source = debianRelease(release);
        const root = await unpackedPackages({ name: "docker", packages, source, isUsable: isUsableSet }, context);
        context.report(`Debian ${release}: ${(await versionsOf(root, context)).join(", ")}`);
        return root;
    } catch (error) {
        context.signal?.throwIfAborted();
        context.report(`Docker is built, as Debian ${release} does not give it: ${(error as Error).message}`);
        return undefined;
    }
}

/** Lists each program of the packages with the version found and the range of allowed ones. */
async function versionsOf(root: string, context: ToolContext): Promise<string[]> {
    const lines = packaged.programs.map(async ([tool, file]) => {
        const version = await versionOf(path.join(root, file), tool, context);
        return `${tool.name} ${version} (${describeRule(tool.rule)})`;
    });
    return Promise.all(lines);
}

async function fetchedDocker(root: string, runc: string, context: ToolContext): Promise<Docker> {
    const folder = (...names: string[]) => path.join(root, ...names);
    const docker = { dockerd: folder("usr/sbin/dockerd"), docker: folder("usr/bin/docker") };
    const folders = [folder("usr/bin"), folder("usr/sbin"), path.dirname(runc)];
    if ((await findSystemTool(iptables, context)) !== undefined) return { ...docker, environment: {}, folders };
    const network = await unpackedPackages({ name: "iptables", packages: ["iptables"], links: iptablesLinks }, context);
    return {
        ...docker,
        environment: await libraryVariables(network),
        folders: [...folders, path.join(network, "usr/sbin")],
    };
}

/** Links that Debian's alternatives make when the package is installed. */
const iptablesLinks = { "usr/sbin/iptables": "iptables-nft" };

/** Builds the daemon. containerd, runc and the client come from the machine's own release, whose daemon may be too old. */
async function builtDocker(context: ToolContext): Promise<Docker> {
    const packages = ["docker.io", "iptables"];
    const root = await unpackedPackages({ name: "docker-own", packages, links: iptablesLinks }, context);
    const folder = (...names: string[]) => path.join(root, ...names);
    const executable = await buildDocker(dockerd, 120, context);
    const proxy = await buildDocker(dockerProxy, 10, context);
    return {
        dockerd: executable,
        docker: folder("usr/bin/docker"),
        environment: await libraryVariables(root),
        folders: [path.dirname(proxy), folder("usr/bin"), folder("usr/sbin")],
    };
}

async function libraryVariables(root: string): Promise<Record<string, string>> {
    const libraries = await libraryPath(root);
    // The packages' iptables finds its extensions here.
    const extensions = libraries.split(":").map((one) => path.join(one, "xtables"));
    return { LD_LIBRARY_PATH: libraries, XTABLES_LIBDIR: extensions.join(":") };
}

const dockerVersion = {
    variable: "github.com/docker/docker/dockerversion.Version",
    module: "github.com/docker/docker",
    prefix: "",
};

async function buildDocker(tool: SystemTool, seconds: number, context: ToolContext): Promise<string> {
    const module = await readGoModule(path.join(context.pinsDirectory, "docker"));
    const source = { package: `github.com/docker/docker/cmd/${tool.name}`, versionVariables: [dockerVersion] };
    return ensureBuilt({ ...source, seconds }, tool, module, context);
}

async function buildCompose(context: ToolContext): Promise<string> {
    const module = await readGoModule(path.join(context.pinsDirectory, "compose"));
    const tool = { package: "github.com/docker/compose/v2/cmd", seconds: 60 };
    return ensureBuilt(tool, dockerCompose, module, context);
}
