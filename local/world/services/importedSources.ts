import * as path from "node:path";
import { build } from "esbuild";

/**
 * Lists the files of the repository that a TypeScript program is made of: its entry and all that it imports.
 *
 * @param entry absolute path of the program
 * @returns absolute paths, sorted
 * @throws Error when the program cannot be parsed
 */
export async function importedSources(entry: string): Promise<string[]> {
    const { metafile } = await build({
        entryPoints: [entry],
        absWorkingDir: path.dirname(entry),
        bundle: true,
        packages: "external",
        platform: "node",
        write: false,
        metafile: true,
        logLevel: "silent",
    });
    return Object.keys(metafile.inputs)
        .map((file) => path.resolve(path.dirname(entry), file))
        .sort();
}
