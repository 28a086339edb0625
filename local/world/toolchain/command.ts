import { spawn } from "node:child_process";

/** Settings of a command. */
export interface CommandOptions {
    /**
     * Folder to run the command in.
     *
     * @default the folder of this process
     */
    cwd?: string;
    /**
     * Complete environment of the command.
     *
     * @default the environment of this process
     */
    env?: NodeJS.ProcessEnv;
    /** Signal that interrupts the command. */
    signal?: AbortSignal;
    /**
     * Stream whose text is the result.
     *
     * @default stdout
     */
    result?: "stdout" | "stderr";
}

/** Error for a command that could not be started or did not exit with 0. */
export class CommandError extends Error {
    override readonly name = "CommandError";

    /**
     * @param command the executable
     * @param missing whether there is no such executable
     * @param output all of its output, standard output first
     * @param lastLine the last line of its standard error, or of its output when that is empty
     */
    constructor(
        readonly command: string,
        readonly missing: boolean,
        readonly output: string,
        readonly lastLine: string,
    ) {
        super(missing ? `${command} is not installed` : `${command} failed: ${lastLine || "it wrote no message"}`);
    }
}

/** Finds the last line of a text that is not blank, trimmed; empty when there is none. */
export function lastLine(text: string): string {
    return (
        text
            .trimEnd()
            .split(/[\r\n]+/)
            .at(-1)
            ?.trim() ?? ""
    );
}

/** Time (milliseconds) that an interrupted command gets to end before it is killed. */
const interruptGrace = 10_000;

/**
 * Runs a command to its end.
 *
 * @returns its standard output, or the stream that `result` names
 * @throws CommandError when it cannot be started or fails; the signal's reason when aborted
 */
export async function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<string> {
    const { signal, cwd, env, result = "stdout" } = options;
    signal?.throwIfAborted();
    return new Promise<string>((resolve, reject) => {
        const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
        let stdout = "";
        let stderr = "";
        let killTimer: NodeJS.Timeout | undefined;
        // SIGINT is what Go, pip and apt-get clean up after.
        const interrupt = () => {
            child.kill("SIGINT");
            killTimer = setTimeout(() => child.kill("SIGKILL"), interruptGrace);
        };
        const settled = () => {
            clearTimeout(killTimer);
            signal?.removeEventListener("abort", interrupt);
        };
        signal?.addEventListener("abort", interrupt, { once: true });
        child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
        child.on("error", (error: NodeJS.ErrnoException) => {
            settled();
            reject(new CommandError(command, error.code === "ENOENT", "", error.message));
        });
        child.on("close", (code) => {
            settled();
            if (signal?.aborted) reject(signal.reason as Error);
            else if (code === 0) resolve(result === "stdout" ? stdout : stderr);
            else reject(new CommandError(command, false, stdout + stderr, lastLine(stderr) || lastLine(stdout)));
        });
    });
}
