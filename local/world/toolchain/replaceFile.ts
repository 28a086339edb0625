import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";

/** Writes a file as a whole: a concurrent reader, also in another process, sees the former content or the new one. */
export async function replaceFile(file: string, text: string): Promise<void> {
    const unfinished = `${file}.${randomUUID()}`;
    await fs.writeFile(unfinished, text);
    await fs.rename(unfinished, file);
}
