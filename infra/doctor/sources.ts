import * as path from "node:path";

/** Extensions of files that people write and change all day. */
const codeExtensions = new Set(
    ".c .cc .cpp .cs .ex .go .h .hpp .java .js .jsx .kt .mjs .php .pl .py .rb .rs .scala .sh .swift .ts .tsx .vue".split(
        " ",
    ),
);

/** Files with such an extension that list an application's dependencies. */
const dependencyFiles = new Set(["setup.py", "mix.exs", "package.swift", ".pnp.cjs", ".pnp.loader.mjs"]);

/** Tells whether a source of a COPY or of a bind mount is the whole build context. */
export function readsWholeContext(source: string): boolean {
    return cleaned(source) === "";
}

/**
 * Tells whether a source from the build context changes with the application's code: the whole context, a folder, or a source file. Folders
 * whose name begins with a dot (`.mvn`, `.yarn`) hold settings. Other single files are lists of dependencies more often than code.
 */
export function readsCode(source: string, files: { isDirectory(source: string): boolean }): boolean {
    if (/^(https?|git|ssh):|^git@/.test(source)) return false;
    const name = cleaned(source);
    if (name === "" || name === "*") return true;
    if (name.startsWith(".")) return false;
    if (source.endsWith("/") || files.isDirectory(name)) return true;
    return !dependencyFiles.has(path.posix.basename(name)) && codeExtensions.has(path.posix.extname(name));
}

/** Strips leading and trailing slashes and dots from a path below the context; the context itself becomes empty. */
function cleaned(source: string): string {
    return path.posix.normalize(`/${source}`).replace(/^\/|\/$/g, "");
}
