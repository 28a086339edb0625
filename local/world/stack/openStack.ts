import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import { createRequire } from "node:module";
import * as path from "node:path";
import { LocalWorkspace, type PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../paths";
import { separateEngineConnections } from "./engineConnections";
import { recoverInterruptedState } from "./interruptedState";

/** Folder of the Pulumi program; the engine and its providers work here, so that relative paths mean the same everywhere. */
export const programDirectory = path.join(projectRoot, "infra");

/** A program whose exports are the stack's outputs. */
export type Program = () => Promise<Record<string, unknown>>;

/** The options that a stack is opened with. */
export interface StackOptions {
    stackName: string;
    /** Folder of the project, the stack's settings, and the passphrase that encrypts the state's secrets. */
    work: string;
    /** Folder of the state. */
    state: string;
    /** The stack's settings by their whole keys. */
    config: Record<string, unknown>;
    /** Variables of the engine besides those of this process and those that lead to the state. */
    environment: Record<string, string>;
    /** Pulumi's CLI. @default - the one on PATH */
    pulumiCommand?: PulumiCommand;
    /** PULUMI_HOME of the engine. @default - the user's own */
    pulumiHome?: string;
    /** The program. @default - infra/index.ts */
    program?: Program;
}

/**
 * Opens a stack on the real engine, with a state in files. The program runs inside this process and is evaluated anew for each
 * operation.
 */
export async function openStack(options: StackOptions): Promise<Stack> {
    const { stackName, work, state, environment, program = evaluateProgram, ...rest } = options;
    separateEngineConnections();
    for (const folder of [work, state]) await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    await recoverInterruptedState(state);
    await writeProject(work);
    await writeSettings(path.join(work, `Pulumi.${stackName}.yaml`), options.config);
    const workspace = await LocalWorkspace.create({
        workDir: work,
        pulumiHome: rest.pulumiHome,
        pulumiCommand: rest.pulumiCommand,
        program,
        envVars: {
            PULUMI_BACKEND_URL: `file://${state}`,
            PULUMI_CONFIG_PASSPHRASE: await ensurePassphrase(path.join(work, "passphrase")),
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ...environment,
        },
    });
    return Stack.createOrSelect(stackName, workspace);
}

/** Runs infra/index.ts as the engine's language host would, with nothing left over from the last time. */
function evaluateProgram(): Promise<Record<string, unknown>> {
    const index = require.resolve("../../../infra/index");
    delete require.cache[index];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a module is evaluated anew only through the require cache
    return Promise.resolve(inProgramDirectory(() => require(index) as Record<string, unknown>));
}

/** Loads the modules of the program, so that they are there when the engine waits for its evaluation. */
export function loadProgram(): void {
    const load = createRequire(__filename);
    for (const name of ["config/config", "components", "outputs", "targets"]) load(path.join(programDirectory, name));
}

/** Evaluates a part of a program in the folder where Pulumi's language host runs programs. */
export function inProgramDirectory<T>(evaluate: () => T): T {
    const before = process.cwd();
    process.chdir(programDirectory);
    try {
        return evaluate();
    } finally {
        process.chdir(before);
    }
}

async function ensurePassphrase(file: string): Promise<string> {
    try {
        await fs.writeFile(file, randomBytes(24).toString("base64"), { mode: 0o600, flag: "wx" });
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    return fs.readFile(file, "utf8");
}

/** The project's own Pulumi.yaml, but for the place of the program. */
async function writeProject(work: string): Promise<void> {
    const project = parse(await fs.readFile(path.join(projectRoot, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    await fs.writeFile(path.join(work, "Pulumi.yaml"), stringify({ ...project, main: programDirectory }));
}

/** Writes a stack's settings; what the engine itself noted in the file stays. */
async function writeSettings(file: string, config: Record<string, unknown>): Promise<void> {
    await fs.writeFile(file, stringify({ ...(await readSettings(file)), config }));
}

/** A file of a stack's settings. */
interface SettingsFile {
    config?: Record<string, unknown>;
    encryptionsalt?: string;
}

/** Reads the settings of a stack. @returns nothing for a file that does not exist */
export async function readSettings(file: string): Promise<SettingsFile> {
    try {
        return (parse(await fs.readFile(file, "utf8")) ?? {}) as SettingsFile;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
        throw error;
    }
}

/** Settings of the program by their whole keys. */
export function qualified(settings: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`cached-image-pipeline:${key}`, value]));
}
