import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ToolContext } from "./context";
import { CommandError, runCommand } from "./command";
import { downloadedTool } from "./downloadedTools";
import { explainFault } from "./faults";
import { findGoRoot, goEnvironment } from "./goCommand";
import { readGoModule, requiredVersion, type GoModule } from "./goModule";
import { goModuleNames, type GoModules, goToolTable, type GoTool, type GoToolTable } from "./goToolTable";
import type { Promised } from "./parallel";
import { withProgress } from "./report";
import type { Begin } from "./session";
import { ensureStored, findStored, linkTool, type StoredTool } from "./store";
import { findSystemTool, isUsable, type SystemTool } from "./systemTools";

/** Absolute paths of the executables that come from Go modules, and GOROOT of the Go on PATH. */
export type GoTools = Record<keyof GoToolTable | "goRoot", string>;

/** Variable that a linker flag sets to the version that go.mod pins of a module. */
export interface VersionVariable {
    /** Name of the variable, with the path of its package. */
    variable: string;
    /** Path of the module. */
    module: string;
    /** Text before the number: `v` or nothing. */
    prefix: string;
}

const versionVariables: VersionVariable[] = [
    {
        variable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
        module: "github.com/pulumi/pulumi/sdk/v3",
        prefix: "v",
    },
    {
        variable: "github.com/pulumi/pulumi-docker-build/provider.Version",
        module: "github.com/pulumi/pulumi-docker-build",
        prefix: "",
    },
    { variable: "github.com/docker/buildx/version.Version", module: "github.com/docker/buildx", prefix: "v" },
    { variable: "github.com/docker/compose/v2/internal.Version", module: "github.com/docker/compose/v2", prefix: "v" },
    { variable: "github.com/moby/buildkit/version.Version", module: "github.com/moby/buildkit", prefix: "v" },
];

const buildTags = "osusergo,grpcnotrace";

/**
 * Makes the arguments of `go` that build a package of a module into a file, without the file and the package.
 *
 * @param further variables besides those that are set in every tool
 */
export function buildArguments(module: GoModule, further: VersionVariable[] = []): string[] {
    const versions = [...versionVariables, ...further].flatMap(({ variable, module: modulePath, prefix }) => {
        const version = requiredVersion(module, modulePath);
        return version === undefined
            ? []
            : [`-X ${variable}=${version.replace(/^v/, prefix).replace(/\+incompatible$/, "")}`];
    });
    return [
        "build",
        "-trimpath",
        "-tags",
        buildTags,
        // The linker leaves debugging information out anyway, and the compiler takes a fifth less time without it.
        "-gcflags=all=-dwarf=false",
        "-ldflags",
        ["-s -w", ...versions].join(" "),
    ];
}

/**
 * Begins to find or build the tools that come from Go modules. Go itself uses all cores, so builds run one after the other. Tools of
 * services and images come first; services start and images are built while the engine and its provider are compiled.
 *
 * @returns promises that reject with one sentence when Go is missing or too old, the network does not answer, or the disk is full
 */
export function startGoTools(begin: Begin): Promised<GoTools> {
    const found = begin(readGoTools);
    let turn: Promise<unknown> = found;
    const ensure = (name: keyof GoToolTable, pulumi?: Promise<string>) => {
        const previous = turn;
        const ensured = begin(async (context) => {
            const { table, modules } = await found;
            const tool = table[name];
            const systemTool = tool.system(await pulumi);
            const installed = await findSystemTool(systemTool, context);
            if (installed !== undefined) return installed;
            const built = builtTool(tool, systemTool, modules[tool.module], context);
            const folder = (await findStored(built, context)) ?? (await fetchTool(systemTool, context));
            if (folder !== undefined) return linkExecutable(systemTool, folder, context);
            await Promise.all([previous, fetchModules(tool.package, modules[tool.module], context)]);
            return linkExecutable(systemTool, await ensureStored(built, context), context);
        });
        turn = previous.then(() => ensured);
        turn.catch(() => undefined);
        return ensured;
    };
    const buildkitd = ensure("buildkitd");
    const dockerBuildx = ensure("dockerBuildx");
    const pulumi = ensure("pulumi");
    // Pulumi is what tells the version of a provider.
    const dockerBuildProvider = ensure("dockerBuildProvider", pulumi);
    const goRoot = begin(async () => (await found).goRoot);
    return { goRoot, buildkitd, dockerBuildx, pulumi, dockerBuildProvider };
}

async function readGoTools(context: ToolContext): Promise<{ modules: GoModules; table: GoToolTable; goRoot: string }> {
    const modules = await readGoModules(context.pinsDirectory);
    const goRoot = await findGoRoot(Object.values(modules), context);
    return { modules, table: await goToolTable(context.toolsDirectory, modules), goRoot };
}

/** Reads the modules that pin the tools. @param folder tools/ */
export async function readGoModules(folder: string): Promise<GoModules> {
    const read = goModuleNames.map(async (name) => [name, await readGoModule(path.join(folder, name))] as const);
    return Object.fromEntries(await Promise.all(read)) as GoModules;
}

/** Downloads the sources of a package. The download waits for the network while the compiler uses the cores for another one. */
async function fetchModules(name: string, module: GoModule, { signal }: ToolContext): Promise<void> {
    const args = ["list", "-deps", "-tags", buildTags, name];
    await runCommand("go", args, { cwd: module.folder, env: goEnvironment(), signal }).catch((error: unknown) => {
        // The build that follows meets the same fault and tells it.
        if (!(error instanceof CommandError)) throw error;
    });
}

/** Downloads a tool. @returns its folder; undefined where it cannot be downloaded, which is reported */
async function fetchTool(tool: SystemTool, context: ToolContext): Promise<string | undefined> {
    const downloaded = await downloadedTool(tool, context);
    if (downloaded === undefined) return undefined;
    try {
        return await ensureStored(downloaded, context);
    } catch (error) {
        context.signal?.throwIfAborted();
        context.report(`${tool.name} is built, as it cannot be downloaded: ${(error as Error).message}`);
        return undefined;
    }
}

/** Builds a tool unless the pinned version exists. @returns its executable in .tools/bin */
export async function ensureBuilt(
    tool: BuildSource,
    systemTool: SystemTool,
    module: GoModule,
    context: ToolContext,
): Promise<string> {
    const folder = await ensureStored(builtTool(tool, systemTool, module, context), context);
    return linkExecutable(systemTool, folder, context);
}

/** Source that a tool is built from. */
type BuildSource = Pick<GoTool, "package" | "seconds"> & { versionVariables?: VersionVariable[] };

/** Describes the build of a tool. */
function builtTool(source: BuildSource, tool: SystemTool, module: GoModule, context: ToolContext): StoredTool {
    const args = buildArguments(module, source.versionVariables);
    const what = `building ${tool.name}`;
    // The Automation API wants Pulumi in a folder of this name.
    const executable = (folder: string) => path.join(folder, "bin", tool.name);
    const build = async (folder: string) => {
        await fs.mkdir(path.dirname(executable(folder)));
        const command = [...args, "-o", executable(folder), source.package];
        await runCommand("go", command, { cwd: module.folder, env: goEnvironment(), signal: context.signal });
    };
    return {
        name: tool.name,
        content: [module.text, args, source.package],
        isUsable: (folder) => isUsable(executable(folder), tool, context),
        make: (folder) =>
            withProgress(context.report, context.pace, { what, kind: "compile", seconds: source.seconds }, () =>
                build(folder),
            ).catch((error: unknown) => {
                throw explainFault(what, error);
            }),
    };
}

/** Links a name in .tools/bin to a stored tool's executable. @returns path of the name */
function linkExecutable(tool: SystemTool, folder: string, context: ToolContext): Promise<string> {
    return linkTool(path.join(context.toolsDirectory, "bin", tool.name), path.join(folder, "bin", tool.name));
}
