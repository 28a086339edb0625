import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { LocalWorkspace, PulumiCommand, Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { imageSettings } from "../base-images";
import { projectRoot, worldDirectory } from "../paths";
import { type World, withoutGit } from "../services";
import type { Toolchain } from "../toolchain";
import { separateEngineConnections } from "./engineConnections";
import { recoverInterruptedState } from "./interruptedState";

/** Folder of the Pulumi program; the engine and its providers work here, so that relative paths mean the same everywhere. */
export const programDirectory = path.join(projectRoot, "infra");

/** What an offline stack is run with. */
export interface LocalStackOptions {
    /** The running services. */
    world: World;
    /** The tools. */
    toolchain: Pick<Toolchain, "pulumiRoot" | "dockerBuildProvider">;
    /** Settings besides those of Pulumi.<stack>.yaml and those that lead to the services. @default - none */
    settings?: Record<string, unknown>;
    /** Name of the stack. @default local */
    stackName?: string;
    /** The program. @default - infra/index.ts */
    program?: () => Promise<Record<string, unknown>>;
}

/** Certificates that the machine trusts, where Debian and its relatives keep them. */
const systemCertificates = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Opens the stack of the offline world on the real engine, with a state in files. The program runs inside this process and is
 * evaluated anew for each operation.
 */
export async function openLocalStack(options: LocalStackOptions): Promise<Stack> {
    const { toolchain, stackName = "local", program = evaluateProgram } = options;
    separateEngineConnections();
    const folders = await prepareFolders();
    await recoverInterruptedState(folders.state);
    await writeProject(folders);
    await writeSettings(folders, stackName, options);
    const workspace = await LocalWorkspace.create({
        workDir: folders.work,
        pulumiHome: folders.home,
        pulumiCommand: await PulumiCommand.get({ root: toolchain.pulumiRoot, skipVersionCheck: true }),
        program,
        envVars: engineEnvironment(options, folders),
    });
    return Stack.createOrSelect(stackName, workspace);
}

/** Runs infra/index.ts as the engine's language host would, with nothing left over from the last time. */
function evaluateProgram(): Promise<Record<string, unknown>> {
    const index = require.resolve("../../infra/index");
    delete require.cache[index];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a module is evaluated anew only through the require cache
    return Promise.resolve(inProgramDirectory(() => require(index) as Record<string, unknown>));
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

/** Folders of the world that the engine uses. */
interface EngineFolders {
    work: string;
    home: string;
    state: string;
    /** Secret that the state's secrets are encrypted with. */
    passphrase: string;
}

async function prepareFolders(): Promise<EngineFolders> {
    const world = worldDirectory();
    const work = path.join(world, "pulumi");
    const home = path.join(work, "home");
    const state = path.join(world, "data", "state");
    await fs.mkdir(home, { recursive: true, mode: 0o700 });
    await fs.mkdir(state, { recursive: true, mode: 0o700 });
    return { work, home, state, passphrase: await ensurePassphrase(path.join(work, "passphrase")) };
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
async function writeProject(folders: EngineFolders): Promise<void> {
    const project = parse(await fs.readFile(path.join(projectRoot, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    await fs.writeFile(path.join(folders.work, "Pulumi.yaml"), stringify({ ...project, main: programDirectory }));
}

/** The stack's committed settings and those of this machine; what the engine itself noted in the file stays. */
async function writeSettings(folders: EngineFolders, stackName: string, options: LocalStackOptions): Promise<void> {
    const file = path.join(folders.work, `Pulumi.${stackName}.yaml`);
    const [committed, noted] = await Promise.all([
        readSettings(path.join(projectRoot, "Pulumi.local.yaml")),
        readSettings(file),
    ]);
    const config = {
        ...committed.config,
        ...(await machineSettings(options.world)),
        ...qualified(options.settings ?? {}),
    };
    await fs.writeFile(file, stringify({ ...noted, config }));
}

interface SettingsFile {
    config?: Record<string, unknown>;
    encryptionsalt?: string;
}

async function readSettings(file: string): Promise<SettingsFile> {
    try {
        return (parse(await fs.readFile(file, "utf8")) ?? {}) as SettingsFile;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
        throw error;
    }
}

async function machineSettings(world: World): Promise<Record<string, unknown>> {
    const hasCertificates = await fs.access(systemCertificates).then(
        () => true,
        () => false,
    );
    return {
        "aws:region": world.region,
        ...qualified({
            ...imageSettings(world.registry),
            ...(hasCertificates ? { caCertificates: systemCertificates } : {}),
        }),
    };
}

function qualified(settings: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`cached-image-pipeline:${key}`, value]));
}

/**
 * The docker-build provider reads images back by https, and trusts the gateway's certificate for it. The aws provider is the running one, docker-build comes from the toolchain, nothing is ever downloaded, and Docker's and
 * buildx's files of the user are neither read nor written.
 */
function engineEnvironment({ world, toolchain }: LocalStackOptions, folders: EngineFolders): Record<string, string> {
    return {
        PULUMI_BACKEND_URL: `file://${folders.state}`,
        PULUMI_CONFIG_PASSPHRASE: folders.passphrase,
        PULUMI_DEBUG_PROVIDERS: `aws:${world.awsProviderPort}`,
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PATH: `${path.dirname(toolchain.dockerBuildProvider)}${path.delimiter}${process.env.PATH ?? ""}`,
        ...withoutGit,
        BUILDX_CONFIG: world.buildxConfig,
        DOCKER_CONFIG: world.dockerConfig,
        SSL_CERT_FILE: world.certificate,
    };
}
