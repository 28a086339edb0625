import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

/** Makes an empty folder for one test; its path is short, as Unix sockets go into some. */
export async function makeTemporaryFolder(): Promise<string> {
    return fs.mkdtemp(path.join(os.tmpdir(), "cip-"));
}

/** Writes a shell script that can be run. */
export async function writeScript(file: string, ...lines: string[]): Promise<void> {
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
}
