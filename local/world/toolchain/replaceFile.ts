import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";

/** Writes a file as a whole: whoever reads it meanwhile, also in another process, sees the former one or this one. */
export async function replaceFile(file: string, text: string): Promise<void> {
    const unfinished = `${file}.${randomUUID()}`;
    await fs.writeFile(unfinished, text);
    await fs.rename(unfinished, file);
}
