import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Readable, Writable } from "node:stream";
import { OutputMarker } from "./outputMarker";

/** Settings of a build's shell. */
export interface ShellOptions {
    /** Name of the shell, found on the PATH of the environment. */
    shell: "bash" | "sh";
    /** Complete environment of the shell; CODEBUILD_BUILD_ID marks the processes of the build. */
    environment: Record<string, string>;
    /** Folder that the first command runs in. */
    directory: string;
    /** Existing folder for the shell's own files, which commands do not touch. */
    stateDirectory: string;
    /** Function that takes the output of commands, standard error included; reading waits for it. */
    onOutput: (chunk: Buffer) => Promise<void>;
}

/** State of the shell after the last command that left it alive. */
interface ShellState {
    environment: Record<string, string>;
    directory: string;
}

/** Running shell process. */
interface RunningShell {
    child: ChildProcess;
    /** Resolves with the status of the command or, when the shell is gone, with that of the shell. */
    ending: (line: string) => void;
}

const script = path.join(__dirname, "shell.sh");

/**
 * Shell that runs all commands of a build, so that folders, variables, functions and options persist. A command that ends the shell
 * (`exit`, `set -e`, a signal) fails or succeeds with the shell's status. The next command gets a new shell with the earlier exported
 * variables and folder.
 */
export class BuildShell {
    private running: RunningShell | undefined;
    private state: ShellState;
    private commands = 0;

    constructor(private readonly options: ShellOptions) {
        this.state = { environment: options.environment, directory: options.directory };
    }

    /**
     * Runs a command to its end.
     *
     * @param signal signal that ends the wait; the caller has to end the processes
     * @returns exit status; 128 plus the signal's number when a signal ended the shell
     * @throws the signal's reason
     */
    async run(command: string, signal: AbortSignal): Promise<number> {
        signal.throwIfAborted();
        const shell = (this.running ??= await this.start());
        const file = path.join(this.options.stateDirectory, `command-${++this.commands}`);
        await fs.writeFile(file, `${command}\n`, { mode: 0o600 });
        const ended = new Promise<string>((resolve) => (shell.ending = resolve));
        (shell.child.stdio[4] as Writable).write(`${file}\n`);
        const line = await untilAborted(ended, signal);
        await fs.rm(file, { force: true });
        const [kind, status] = line.split(" ");
        if (kind === "exited") this.state = await this.readState();
        else this.running = undefined;
        return Number(status);
    }

    /** Returns the exported variables after the last command. */
    environment(): Readonly<Record<string, string>> {
        return this.state.environment;
    }

    /** Lets the shell end by itself, so that its EXIT trap runs. @throws the signal's reason */
    async end(signal: AbortSignal): Promise<void> {
        const shell = this.running;
        if (shell === undefined) return;
        this.running = undefined;
        const ended = new Promise<string>((resolve) => (shell.ending = resolve));
        (shell.child.stdio[4] as Writable).end();
        await untilAborted(ended, signal);
    }

    private async start(): Promise<RunningShell> {
        const { shell, stateDirectory } = this.options;
        const marker = randomBytes(16).toString("hex");
        const child = spawn("sh", [script, shell, stateDirectory, marker], {
            cwd: this.state.directory,
            env: this.state.environment,
            detached: true,
            stdio: ["ignore", "pipe", "inherit", "pipe", "pipe"],
        });
        const running: RunningShell = { child, ending: () => undefined };
        (child.stdio[4] as Writable).on("error", () => undefined);
        const lines = statusLines(child);
        const output = this.readOutput(child, Buffer.from(`\n${marker}\n`), async () =>
            running.ending(await lines.next()),
        );
        // Only a shell that was killed with all its processes ends its output without a status.
        void output.then(() => running.ending(`ended ${killedStatus}`));
        await once(child, "spawn");
        return running;
    }

    /** Passes the output on. Each marker means that a status was reported and that all output before it has been passed on. */
    private async readOutput(child: ChildProcess, marker: Buffer, onMarker: () => Promise<void>): Promise<void> {
        const scanner = new OutputMarker(marker);
        for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
            const { output, seen } = scanner.take(chunk);
            if (output.length > 0) await this.options.onOutput(output);
            if (seen) await onMarker();
        }
        await this.options.onOutput(scanner.rest());
    }

    private async readState(): Promise<ShellState> {
        const read = (name: string) => fs.readFile(path.join(this.options.stateDirectory, name), "utf8");
        const entries = (await read("environment")).split("\0").filter((entry) => entry !== "");
        return {
            environment: Object.fromEntries(
                entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
            ),
            directory: (await read("directory")).replace(/\n$/, ""),
        };
    }
}

/** Exit status of a program that SIGKILL ended, as shells report it. */
const killedStatus = 128 + 9;

/** Reads the lines of the status descriptor one by one. */
function statusLines(child: ChildProcess): { next: () => Promise<string> } {
    const stream = child.stdio[3] as Readable;
    let text = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    return {
        next: async () => {
            while (!text.includes("\n")) await once(stream, "data");
            const line = text.slice(0, text.indexOf("\n"));
            text = text.slice(line.length + 1);
            return line;
        },
    };
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
        const abort = () => reject(signal.reason as Error);
        if (signal.aborted) return abort();
        signal.addEventListener("abort", abort, { once: true });
        promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
}
