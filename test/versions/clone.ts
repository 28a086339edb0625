import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { Fault } from "../../local/commands/command";
import { allProcesses } from "../../local/machine/processes";
import { waitFor } from "../../local/machine/waitFor";
import { projectRoot } from "../../local/paths";
import { type Combination, newestOf, packages, titleOf } from "./combinations";

const run = promisify(execFile);

/** Time (milliseconds) in which the processes of an interrupted suite end. */
const ending = 30_000;

/** npm package that consists of Node's executable for this machine. The package `node` would fetch it by a script. */
const nodePackage = `node-${process.platform}-${process.arch}`;

/** Asks npm for the newest release in a range. @throws one sentence when there is none, or npm fails */
export async function newestRelease(name: string, range: string): Promise<string> {
    const wanted = `${name === "node" ? nodePackage : name}@${range}`;
    const { stdout } = await run("npm", ["view", wanted, "version", "--json"]).catch((error: Error) => {
        throw new Fault(
            `npm finds no release of ${wanted}; correct the range in package.json or the registry settings. ${error.message}`,
        );
    });
    // npm prints a text for one release, and a list for several.
    const version = newestOf([JSON.parse(stdout) as string | string[]].flat());
    if (version === undefined)
        throw new Fault(`npm has only prereleases of ${wanted}; correct the range in package.json.`);
    return version;
}

/**
 * Clones the last commit into a temporary folder and installs its npm packages, with the versions of a combination and its Node.
 *
 * @param signal signal that stops the installation
 * @param use function that gets the clone's folder, which is removed afterwards
 * @throws one sentence when a version cannot be installed
 */
export async function inClone(
    combination: Combination,
    signal: AbortSignal,
    use: (folder: string) => Promise<void>,
): Promise<void> {
    const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "versions-"));
    try {
        await run("git", ["clone", "--quiet", projectRoot, folder]);
        const wanted = [
            `${nodePackage}@${combination.node}`,
            ...packages.map((name) => `${name}@${combination[name]}`),
        ];
        await run("npm", ["install", "--no-save", "--no-progress", "--loglevel=error", ...wanted], {
            cwd: folder,
            signal,
        }).catch((error: Error) => {
            throw new Fault(`${titleOf(combination)} cannot be installed. ${error.message}`);
        });
        await use(folder);
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

/** Program that stops the services of engine tests whose run is over. */
const stopServices = 'require("./test/support/engineWorldFixtures.ts").mochaGlobalSetup()';

/**
 * Runs a command in a clone, by the clone's Node.
 *
 * @param log file that gets its output
 * @param signal signal that interrupts the command; its processes and services end before this function does
 * @returns its exit code
 * @throws the signal's reason when aborted
 */
export async function runInClone(command: string[], folder: string, log: string, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const own = { TS_NODE_PROJECT: undefined, CACHED_IMAGE_PIPELINE_WORLD: undefined };
    const env = {
        ...process.env,
        ...own,
        PATH: `${path.join(folder, "node_modules/.bin")}${path.delimiter}${process.env.PATH}`,
    };
    const [program = "", ...args] = command;
    fs.mkdirSync(path.dirname(log), { recursive: true });
    const output = fs.openSync(log, "w");
    const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ["ignore", output, output] });
    const interrupt = () => process.kill(-child.pid!, "SIGTERM");
    signal.addEventListener("abort", interrupt, { once: true });
    try {
        const [code] = (await once(child, "close")) as [number | null];
        if (!signal.aborted) return code ?? 1;
        await sessionEnd(child.pid!);
        await run("node", ["--require", "ts-node/register", "--eval", stopServices], { cwd: folder, env });
        throw signal.reason;
    } finally {
        signal.removeEventListener("abort", interrupt);
        fs.closeSync(output);
    }
}

/** Waits until a session has no process; a started process may outlive the one that started it. */
async function sessionEnd(leader: number): Promise<void> {
    const isEmpty = () => (allProcesses().some(({ session }) => session === leader) ? undefined : true);
    if (!(await waitFor(isEmpty, ending))) {
        throw new Fault(`Processes of session ${leader} do not end; end them by hand.`);
    }
}
