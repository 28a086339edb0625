import * as path from "node:path";
import { build } from "esbuild";
import { projectRoot } from "../../paths";

/**
 * Lists the files of TypeScript programs: their entries and all imported modules, without packages and types.
 *
 * @param entries absolute paths of the programs
 * @returns absolute paths, sorted
 * @throws Error when a program cannot be parsed
 */
export async function importedSources(entries: string[]): Promise<string[]> {
    const { metafile } = await build({
        entryPoints: entries,
        absWorkingDir: projectRoot,
        outdir: "unused",
        bundle: true,
        packages: "external",
        platform: "node",
        write: false,
        metafile: true,
        logLevel: "silent",
    });
    return Object.keys(metafile.inputs)
        .map((file) => path.resolve(projectRoot, file))
        .sort();
}
