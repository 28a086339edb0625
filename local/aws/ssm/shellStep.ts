import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ScriptRun } from "./parameters";

/** Result of a script. */
export interface ScriptResult {
    status: "Success" | "Failed" | "TimedOut" | "Cancelled";
    statusDetails: string;
    responseCode: number;
    stdout: string;
    stderr: string;
}

/** Settings of a script's run. */
export interface ShellOptions extends ScriptRun {
    /** Folder for the script, created and readable by its owner alone. */
    folder: string;
    /** Seconds after which the script is ended. */
    timeoutSeconds: number;
    /** Signal that ends the script. */
    signal: AbortSignal;
}

/** Time (milliseconds) that output is read after the script's end. */
const drainDeadline = 500;

/** Characters kept of each output; the agent stops collecting there (amazon-ssm-agent, appconfig). */
const keptOutput = 24_000;

/**
 * Runs a script as the agent's plugin aws:runShellScript does: from a file, by `sh`, in a process group of its own. At the timeout and at a
 * cancellation the whole group is killed. Processes that left the group continue.
 */
export async function runShellScript(options: ShellOptions): Promise<ScriptResult> {
    const file = path.join(options.folder, "_script.sh");
    await fs.mkdir(options.folder, { recursive: true, mode: 0o700 });
    await fs.writeFile(file, options.script, { mode: 0o700 });
    const child = spawn("sh", [file], {
        cwd: "/",
        env: options.environment,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
    });
    const closed = once(child, "close");
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
        child[name].setEncoding("utf8").on("data", (text: string) => {
            if (output[name].length < keptOutput) output[name] = (output[name] + text).slice(0, keptOutput);
        });
    }
    let ended: "TimedOut" | "Cancelled" | undefined;
    const end = (reason: typeof ended) => {
        ended ??= reason;
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    };
    const timer = setTimeout(() => end("TimedOut"), options.timeoutSeconds * 1000);
    const cancel = () => end("Cancelled");
    options.signal.addEventListener("abort", cancel, { once: true });
    // Cancelled while this was being prepared.
    if (options.signal.aborted) cancel();
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    options.signal.removeEventListener("abort", cancel);
    // Output from before the exit may still be in the pipes, which processes outside the group may keep open.
    await Promise.race([closed, delay(drainDeadline)]);
    child.stdout.destroy();
    child.stderr.destroy();
    return { ...output, ...outcome(ended, code, signal, output.stderr) };
}

function outcome(
    ended: "TimedOut" | "Cancelled" | undefined,
    code: number | null,
    signal: NodeJS.Signals | null,
    stderr: string,
): Omit<ScriptResult, "stdout"> {
    if (ended === "TimedOut") {
        return { status: ended, statusDetails: "ExecutionTimedOut", responseCode: 137, stderr };
    }
    if (ended === "Cancelled") return { status: ended, statusDetails: ended, responseCode: 137, stderr };
    if (code === 0) return { status: "Success", statusDetails: "Success", responseCode: 0, stderr };
    const reason = signal === null ? `exit status ${code}` : `signal: ${signal}`;
    return {
        status: "Failed",
        statusDetails: "Failed",
        responseCode: code ?? -1,
        stderr: `${stderr}failed to run commands: ${reason}`,
    };
}
