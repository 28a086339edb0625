import * as path from "node:path";
import type { ContextEntry } from "../buildContext";
import type { Stage } from "../dockerfile/dockerfile";
import { bindMounts, isCopy, isRun } from "../dockerfile/stages";

/** Lists the sources in the build context that the steps of stages read, as COPY and bind mounts name them. */
export function contextSources(stages: Stage[]): string[] {
    return stages
        .flatMap((stage) => stage.steps)
        .flatMap((step) => {
            if (isCopy(step)) return step.from === undefined ? step.sources : [];
            const mounts = isRun(step) ? bindMounts(step) : [];
            return mounts.flatMap(({ from, source }) => (from === undefined ? [source] : []));
        });
}

/**
 * Lists the entries of a context that sources name, with everything below them. Wildcards match at least as much as in BuildKit.
 *
 * @returns undefined where a source leads through a symbolic link, whose target is read too
 */
export function readEntries(entries: ContextEntry[], sources: string[]): ContextEntry[] | undefined {
    const segments = sources.map((source) => path.posix.normalize(`/${source}`).split("/").filter(Boolean));
    const onTheWay = segments.flatMap((one) => one.map((_, index) => expression(one.slice(0, index + 1), "")));
    if (entries.some(({ kind, path: name }) => kind === "link" && onTheWay.some((way) => way.test(name)))) {
        return undefined;
    }
    const wanted = segments.map((one) => expression(one, one.length === 0 ? ".*" : "(/.*)?"));
    return entries.filter(({ path: name }) => wanted.some((way) => way.test(name)));
}

/** Tokens of a pattern: a wildcard, a class, an escaped character, or any other one. */
const token = /\*\*|\*|\?|\[[^\]]*\]?|\\.|[^]/g;

function expression(segments: string[], ending: string): RegExp {
    const source = segments.join("/").replace(token, (part) => {
        if (part === "**") return ".*";
        if (part === "?") return "[^/]";
        // A class matches any characters here.
        if (part === "*" || part.startsWith("[")) return "[^/]*";
        return literal(part.length > 1 ? part[1]! : part);
    });
    return new RegExp(`^${source}${ending}$`, "s");
}

function literal(character: string): string {
    return character.replace(/[.*+?^${}()|[\]\\]/, "\\$&");
}

/**
 * Pattern of paths that a line of an ignore file cannot name literally, alone or with `/*` behind them. Such a path has characters with a
 * meaning in patterns or regular expressions, outer white space, or the start of a comment or exception.
 */
const unwritable = /[*?[\]\\^|{}\r\n\uFEFF]|^[!#\p{White_Space}]|\p{White_Space}$/u;

/**
 * Renders an ignore file that lets only these entries through.
 *
 * @returns undefined for a path that an ignore file cannot name literally
 */
export function ignoreAllBut(entries: ContextEntry[]): string | undefined {
    if (entries.some(({ path: name }) => unwritable.test(name))) return undefined;
    const parents = new Set(entries.map(({ path: name }) => path.posix.dirname(name)));
    const [folders, files] = [
        entries.filter(({ kind }) => kind === "directory").filter(({ path: name }) => !parents.has(name)),
        entries.filter(({ kind }) => kind !== "directory"),
    ];
    const lines = [
        "*",
        // A folder may be empty only because of what is ignored in it.
        ...folders.flatMap(({ path: name }) => [`!${name}`, `${name}/*`]),
        ...files.map(({ path: name }) => `!${name}`),
    ];
    return `${lines.join("\n")}\n`;
}
