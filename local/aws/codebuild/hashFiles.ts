import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { matchingFiles } from "./glob";

/**
 * Runs `codebuild-hash-files <pattern>…`: prints one SHA-256 of all matching files, for cache keys (user guide, "Amazon S3 caching").
 * Patterns are relative to the current folder.
 */
async function main(patterns: string[]): Promise<void> {
    if (patterns.length === 0) throw new Error("usage: codebuild-hash-files <pattern>...");
    const directory = process.cwd();
    const files = await matchingFiles(directory, patterns);
    if (files.length === 0) throw new Error(`codebuild-hash-files: no file matches ${patterns.join(" ")}.`);
    const hash = createHash("sha256");
    for (const file of files) {
        const content = createHash("sha256").update(await fs.readFile(path.join(directory, file)));
        hash.update(`${file}\0${content.digest("hex")}\n`);
    }
    console.log(hash.digest("hex"));
}

main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
});
