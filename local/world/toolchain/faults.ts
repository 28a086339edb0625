import { CommandError } from "./command";

/** Faults that a command's output reveals, with the remedy for each. */
const knownFaults: { pattern: RegExp; sentence: (what: string, lastLine: string) => string }[] = [
    {
        pattern: /no space left on device|ENOSPC|disk quota exceeded|not enough free (disk )?space/i,
        sentence: (what) => `The disk is full (${what}); free some space, then run the command again.`,
    },
    {
        pattern:
            /no such host|name resolution|could not resolve|network is unreachable|connection refused|i\/o timeout|connection timed out|failed to establish a new connection|connection reset|TLS handshake timeout|failed to fetch|unable to fetch/i,
        sentence: (what, lastLine) =>
            `The network did not answer (${what}: ${lastLine}); check the connection and the proxy settings, then run the command again.`,
    },
    {
        pattern: /DO NOT MATCH THE HASHES/,
        sentence: (what) =>
            `A downloaded package is not the file that its requirements name (${what}); find out whether the package index, a proxy or the requirements file gives another one, then run the command again.`,
    },
];

/**
 * Turns a failed command into one sentence with a remedy.
 *
 * @param what the current work, such as `building pulumi`
 * @returns the error to throw; an error other than a CommandError, such as an abort, is returned unchanged
 */
export function explainFault(what: string, error: unknown): unknown {
    if (!(error instanceof CommandError)) return error;
    const known = knownFaults.find(({ pattern }) => pattern.test(`${error.output}\n${error.lastLine}`));
    const reason = error.missing ? error.message : error.lastLine || error.message;
    const sentence = known?.sentence(what, error.lastLine) ?? `${what} failed: ${reason}`;
    return new Error(sentence, { cause: error });
}
