import * as fs from "node:fs/promises";
import { runCommand } from "./command";
import { replaceFile } from "./replaceFile";
import { parseVersion } from "./version";

interface KnownVersion {
    /** Size and modification time of the executed file. */
    fingerprint: string;
    /** Version `major.minor.patch`. */
    version: string;
}

/** Time limit (milliseconds) for the version of an executable; a slower one counts as broken. */
const answerDeadline = 30_000;

/**
 * Versions of executables, found by running them. An unchanged file is not run again, which keeps a start with all tools in place fast. A
 * truncated, overwritten or replaced file is.
 */
export class ExecutableVersions {
    private constructor(
        private readonly file: string,
        private readonly known: Map<string, KnownVersion>,
    ) {}

    /** Opens the versions of earlier runs. @param file file that keeps the versions; an unreadable one is replaced */
    static async open(file: string): Promise<ExecutableVersions> {
        const text = await fs.readFile(file, "utf8").catch(() => "{}");
        return new ExecutableVersions(file, new Map(Object.entries(parseRecord(text))));
    }

    /**
     * Finds the version of an executable.
     *
     * @param executable the file whose version is asked
     * @param command the command and arguments that print it
     * @returns `major.minor.patch`; undefined when there is no such file, it does not run, or it prints no version
     * @throws the signal's reason when aborted
     */
    async versionOf(executable: string, command: string[], signal?: AbortSignal): Promise<string | undefined> {
        const fingerprint = await fingerprintOf(executable);
        if (fingerprint === undefined) return undefined;
        const known = this.known.get(executable);
        if (known?.fingerprint === fingerprint) return known.version;
        const version = parseVersion(await outputOf(command, signal));
        if (version !== undefined) this.known.set(executable, { fingerprint, version });
        return version;
    }

    /** Saves the versions for the next run. */
    async save(): Promise<void> {
        const text = JSON.stringify(Object.fromEntries(this.known), undefined, 2);
        if ((await fs.readFile(this.file, "utf8").catch(() => "")) === text) return;
        await replaceFile(this.file, text);
    }
}

function parseRecord(text: string): Record<string, KnownVersion> {
    try {
        const parsed = JSON.parse(text) as unknown;
        return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, KnownVersion>) : {};
    } catch {
        return {};
    }
}

async function fingerprintOf(file: string): Promise<string | undefined> {
    const stat = await fs.stat(file, { bigint: true }).catch(() => undefined);
    return stat?.isFile() ? `${stat.size}:${stat.mtimeNs}` : undefined;
}

async function outputOf([command = "", ...args]: string[], signal?: AbortSignal): Promise<string> {
    const deadline = AbortSignal.timeout(answerDeadline);
    try {
        return await runCommand(command, args, { signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
    } catch {
        // An executable that does not run has no version; only the caller's own abort is not about the executable.
        signal?.throwIfAborted();
        return "";
    }
}
