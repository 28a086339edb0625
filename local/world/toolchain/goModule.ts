import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Module whose go.mod pins tools. */
export interface GoModule {
    /** Absolute path of the module's folder. */
    folder: string;
    /** Text of go.mod and go.sum, unchanged. */
    text: string;
    /** Least Go version of the module, `major.minor.patch`. */
    goVersion: string;
}

/**
 * Reads the go.mod and go.sum of a folder.
 *
 * @throws Error when go.mod has no `go` line
 */
export async function readGoModule(folder: string): Promise<GoModule> {
    const goMod = await fs.readFile(path.join(folder, "go.mod"), "utf8");
    const goSum = await fs.readFile(path.join(folder, "go.sum"), "utf8");
    const goLine = /^go (\d+\.\d+)(\.\d+)?$/m.exec(goMod);
    if (goLine === null) throw new Error(`${folder}/go.mod has no \`go\` line, so the Go version it needs is unknown.`);
    return { folder, text: goMod + goSum, goVersion: `${goLine[1]}${goLine[2] ?? ".0"}` };
}

/** Finds the version that a go.mod requires of a module, such as `v0.35.0`; undefined when it does not require it. */
export function requiredVersion(module: GoModule, modulePath: string): string | undefined {
    const line = module.text.split("\n").find((text) =>
        text
            .replace(/^require /, "")
            .trim()
            .startsWith(`${modulePath} v`),
    );
    return line === undefined ? undefined : /\s(v\S+)/.exec(line)?.[1];
}
