import * as fs from "node:fs/promises";
import * as path from "node:path";
import { breakingChanges } from "./breakingChanges";
import { analyzeComponents, packageSchema, readSchema, renderSchema, schemaFile } from "./packageSchema";
import { referencePage } from "./reference";
import { readSources, referenceFile } from "./sources";

/** Writes docs/reference.md and schema.json, and names what the new schema breaks of the one before. */
async function main(): Promise<void> {
    await write(referenceFile, await referencePage(referenceFile, await readSources()));
    const schema = await packageSchema(analyzeComponents());
    const breaking = breakingChanges(await readSchema(), schema);
    await write(schemaFile, renderSchema(schema));
    if (breaking.length > 0) console.log(["Breaking changes, for CHANGELOG.md:", ...breaking].join("\n- "));
}

async function write(file: string, content: string): Promise<void> {
    await fs.writeFile(file, content);
    console.log(`Written to ${path.relative(process.cwd(), file)}.`);
}

void main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
});
