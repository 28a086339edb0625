import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { build } from "esbuild";
import type { CommandRequest } from "./main";

/** Bundled programs by the folder that holds each. */
const programs = new Map<string, Promise<string>>();

/**
 * Starts a process that runs a command and outlives this one. A real agent is running when a command comes, so the process must start fast.
 * main.ts and its modules are one bundled file, which the first command makes.
 */
export async function startRunner(request: CommandRequest): Promise<void> {
    const { folder } = request;
    const program = programs.get(folder) ?? makeProgram(folder);
    programs.set(folder, program);
    program.catch(() => programs.delete(folder));
    const child = spawn(process.execPath, [await program], { detached: true, stdio: ["pipe", "ignore", "inherit"] });
    await once(child, "spawn");
    child.stdin.end(JSON.stringify(request));
    child.unref();
}

async function makeProgram(folder: string): Promise<string> {
    const outfile = path.join(folder, "runner.js");
    const entryPoints = [path.join(__dirname, "main.ts")];
    await build({ entryPoints, outfile, bundle: true, platform: "node", target: "node20", logLevel: "warning" });
    return outfile;
}
