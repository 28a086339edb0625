import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Time limits, in milliseconds, for the server's answer and between two bytes. A closed network often swallows packets; nobody should wait
 * for them.
 */
const defaultLimits = { answer: 3_000, silence: 10_000 };

/**
 * Downloads a file and compares it with its checksum. A file with another one is removed.
 *
 * @param url address; redirections are followed
 * @param file path to write to
 * @param sha256 its SHA-256 in hexadecimal digits
 * @throws one sentence when the server does not answer in time, refuses, breaks off, or gives another file; the signal's reason
 * when aborted
 */
export async function download(
    url: string,
    file: string,
    sha256: string,
    signal?: AbortSignal,
    limits = defaultLimits,
): Promise<void> {
    const deadline = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const waitFor = (milliseconds: number, what: string) => {
        clearTimeout(timer);
        const error = new Error(`${url} ${what} for ${milliseconds / 1000} s`);
        timer = setTimeout(() => deadline.abort(error), milliseconds);
    };
    const linked = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
    const hash = createHash("sha256");
    try {
        waitFor(limits.answer, "has not answered");
        const response = await fetch(url, { signal: linked });
        if (!response.ok || response.body === null) throw new Error(`${url} answers with status ${response.status}`);
        waitFor(limits.silence, "has sent nothing");
        const body = Readable.fromWeb(response.body);
        body.on("data", (bytes: Buffer) => {
            hash.update(bytes);
            waitFor(limits.silence, "has sent nothing");
        });
        await pipeline(body, fs.createWriteStream(file), { signal: linked });
        const found = hash.digest("hex");
        if (found !== sha256)
            throw new Error(`${url} is not the file that is named: its SHA-256 is ${found}, not ${sha256}`);
    } catch (error) {
        await fs.promises.rm(file, { force: true });
        linked.throwIfAborted();
        throw describe(url, error);
    } finally {
        clearTimeout(timer);
    }
}

/** Describes a failed download by the cause of the error, which `fetch failed` hides. */
function describe(url: string, error: unknown): unknown {
    if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return error;
    return new Error(`${url} cannot be reached: ${error.cause.message}`, { cause: error });
}
