import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ToolContext } from "./context";
import { hasStamp } from "./context";
import { runCommand } from "./command";
import { explainFault } from "./faults";
import { findGoRoot, goEnvironment } from "./goCommand";
import { readGoModule, requiredVersion, type GoModule } from "./goModule";
import { goModuleNames, type GoModules, goToolTable, type GoTool, type GoToolTable } from "./goToolTable";
import type { Promised } from "./parallel";
import { withProgress } from "./report";
import type { Begin } from "./session";
import { findSystemTool, isUsable, type SystemTool } from "./systemTools";

/** The tools that come from Go modules: absolute paths of executables, and GOROOT of the Go on PATH. */
export interface GoTools {
    goRoot: string;
    pulumi: string;
    buildkitd: string;
    dockerBuildx: string;
    dockerBuildProvider: string;
}

/** A variable that a linker flag sets to the version that go.mod pins of a module. */
export interface VersionVariable {
    /** Its name, with the path of its package. */
    variable: string;
    /** Path of the module. */
    module: string;
    /** What stands before the number: `v` or nothing. */
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

/**
 * @param further variables besides those that are set in every tool
 * @returns the arguments of `go` that build a package of a module into a file, the file and the package left out
 */
export function buildArguments(module: GoModule, further: VersionVariable[] = []): string[] {
    const versions = [...versionVariables, ...further].flatMap(({ variable, module: modulePath, prefix }) => {
        const version = requiredVersion(module, modulePath);
        return version === undefined
            ? []
            : [`-X ${variable}=${version.replace(/^v/, prefix).replace(/\+incompatible$/, "")}`];
    });
    return ["build", "-trimpath", "-tags", "osusergo,grpcnotrace", "-ldflags", ["-s -w", ...versions].join(" ")];
}

/**
 * Begins to find or build the tools that come from Go modules. Go itself uses all cores, so builds follow each other: first what
 * services and images need, which are made while the engine and its provider are compiled.
 *
 * @returns promises that reject with one sentence when Go is missing or too old, the network does not answer, or the disk is full
 */
export function startGoTools(begin: Begin): Promised<GoTools> {
    const found = begin(readGoTools);
    const ensure = (name: keyof GoToolTable, previous: Promise<unknown>, pulumi?: Promise<string>) =>
        begin(async (context) => {
            const { table, modules } = await found;
            const tool = table[name];
            const systemTool = tool.system(await pulumi);
            const installed = await findSystemTool(systemTool, context);
            if (installed !== undefined) return installed;
            await previous;
            return ensureBuilt(tool, systemTool, modules[tool.module], context);
        });
    const buildkitd = ensure("buildkitd", found);
    const dockerBuildx = ensure("dockerBuildx", buildkitd);
    const pulumi = ensure("pulumi", dockerBuildx);
    // Pulumi is what tells the version of a provider.
    const dockerBuildProvider = ensure("dockerBuildProvider", pulumi, pulumi);
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

/** Builds a tool below .tools/bin unless it is there as its module pins it. */
export async function ensureBuilt(
    tool: Pick<GoTool, "package" | "estimate"> & { versionVariables?: VersionVariable[] },
    systemTool: SystemTool,
    module: GoModule,
    context: ToolContext,
): Promise<string> {
    const executable = path.join(context.toolsDirectory, "bin", systemTool.name);
    const args = buildArguments(module, tool.versionVariables);
    const stamp = createHash("sha256")
        .update(JSON.stringify([module.text, args, tool.package]))
        .digest("hex");
    const stampFile = `${executable}.stamp`;
    if ((await hasStamp(stampFile, stamp)) && (await isUsable(executable, systemTool, context))) return executable;

    await fs.mkdir(path.dirname(executable), { recursive: true });
    const unfinished = `${executable}.unfinished`;
    const what = `building ${systemTool.name}`;
    await withProgress(context.report, what, tool.estimate, async () => {
        await fs.rm(stampFile, { force: true });
        await runCommand("go", [...args, "-o", unfinished, tool.package], {
            cwd: module.folder,
            env: goEnvironment(),
            signal: context.signal,
        }).catch((error: unknown) => {
            throw explainFault(what, error);
        });
        await fs.rename(unfinished, executable);
    });
    if (!(await isUsable(executable, systemTool, context))) {
        throw new Error(
            `${executable} was built but does not run or has the wrong version; check ${module.folder}/go.mod.`,
        );
    }
    await fs.writeFile(stampFile, stamp);
    return executable;
}
