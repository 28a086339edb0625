import * as fs from "node:fs/promises";
import type { z } from "zod";

/** Reads a JSON file of the given form. @returns undefined when it is missing, half-written or of another form */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
    let text: string;
    try {
        text = await fs.readFile(file, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
    return schema.safeParse(parse(text)).data;
}

/** Writes a JSON file that only its owner may read. A reader never sees an incomplete file. */
export async function writeJsonFile(file: string, content: unknown): Promise<void> {
    const unfinished = `${file}.new`;
    await fs.rm(unfinished, { force: true });
    await fs.writeFile(unfinished, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
    await fs.rename(unfinished, file);
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}
