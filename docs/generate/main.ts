import * as fs from "node:fs/promises";
import * as path from "node:path";
import { referencePage } from "./reference";
import { readSources, referenceFile } from "./sources";

/** Writes docs/reference.md. */
async function main(): Promise<void> {
    await fs.writeFile(referenceFile, await referencePage(referenceFile, await readSources()));
    console.log(`Written to ${path.relative(process.cwd(), referenceFile)}.`);
}

void main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
});
