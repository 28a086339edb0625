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
const programDirectory = path.join(projectRoot, "infra");

/** Program whose exports are the stack's outputs. */
export type Program = () => Promise<Record<string, unknown>>;

/** Options for opening a stack. */
export interface StackOptions {
    stackName: string;
    /** Folder of the project, the stack's settings, and the passphrase that encrypts the state's secrets. */
    work: string;
    /** Folder of the state. */
    state: string;
    /** Settings of the stack by their whole keys. */
    config: Record<string, unknown>;
    /** Variables of the engine besides those of this process and those that lead to the state. */
    environment: Record<string, string>;
    /** CLI of Pulumi. @default - the one on PATH */
    pulumiCommand?: PulumiCommand;
    /** Folder PULUMI_HOME of the engine. @default - the user's own */
    pulumiHome?: string;
    /** Program of the stack. @default - infra/index.ts */
    program?: Program;
}

/** Opens a stack on the real engine, with a state in files. The program runs inside this process and is evaluated again for each operation. */
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

/** Runs infra/index.ts as the engine's language host would, without modules of an earlier run. */
function evaluateProgram(): Promise<Record<string, unknown>> {
    const index = require.resolve("../../../infra/index");
    delete require.cache[index];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a module is evaluated anew only through the require cache
    return Promise.resolve(inProgramDirectory(() => require(index) as Record<string, unknown>));
}

/** Loads the modules of the program before the engine waits for its evaluation. */
export function loadProgram(): void {
    const load = createRequire(__filename);
    for (const name of ["config/config", "components", "deliver", "outputs", "targets"])
        load(path.join(programDirectory, name));
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

/** Writes the project's own Pulumi.yaml, with the place of the program replaced. */
async function writeProject(work: string): Promise<void> {
    const project = parse(await fs.readFile(path.join(projectRoot, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    await fs.writeFile(path.join(work, "Pulumi.yaml"), stringify({ ...project, main: programDirectory }));
}

/** Writes a stack's settings; the engine's own entries in the file stay. */
async function writeSettings(file: string, config: Record<string, unknown>): Promise<void> {
    await fs.writeFile(file, stringify({ ...(await readSettings(file)), config }));
}

/** Content of a file of a stack's settings. */
interface SettingsFile {
    config?: Record<string, unknown>;
    encryptionsalt?: string;
}

/** Reads the settings of a stack. @returns an empty object for a missing file */
export async function readSettings(file: string): Promise<SettingsFile> {
    try {
        return (parse(await fs.readFile(file, "utf8")) ?? {}) as SettingsFile;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
        throw error;
    }
}

/** Converts settings of the program to their whole keys. */
export function qualified(settings: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`cached-image-pipeline:${key}`, value]));
}
