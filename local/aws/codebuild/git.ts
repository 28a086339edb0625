import { spawn } from "node:child_process";
import { once } from "node:events";
import { type CommandError, runCommand } from "../../world/toolchain/command";

/** Setting of git that overrides the repository's own. */
type Setting = [key: string, value: string];

/**
 * Settings under which git reads a repository and runs no program that it names: no hooks and no file system monitor. Bare repositories
 * among the files of another are refused. git itself decides whether it reads a repository of another user (`safe.directory`).
 *
 * @see https://git-scm.com/docs/git-config
 */
const settings: Setting[] = [
    ["core.hooksPath", "/dev/null"],
    ["core.fsmonitor", "false"],
    ["safe.bareRepository", "explicit"],
];

/**
 * Runs a git command in a folder.
 *
 * @returns its output
 * @throws CommandError when git is missing or the command fails
 */
export function git(folder: string, ...args: string[]): Promise<string> {
    return runCommand("git", ["-C", folder, ...args], { env: environment(settings) });
}

/**
 * Writes the files of a commit into a folder as they are stored, without the repository's filters, which are programs.
 *
 * @returns whether git could write them
 */
export async function extractCommit(folder: string, to: string, commit: string): Promise<boolean> {
    const env = environment([...settings, ...(await withoutFilters(folder))]);
    const archive = spawn("git", ["-C", folder, "archive", commit], { env, stdio: ["ignore", "pipe", "inherit"] });
    const extract = spawn("tar", ["-x", "-C", to], { stdio: ["pipe", "ignore", "inherit"] });
    archive.stdout.pipe(extract.stdin);
    const codes = await Promise.all(
        [archive, extract].map((child) => once(child, "close") as Promise<[number | null]>),
    );
    return codes.every(([code]) => code === 0);
}

/** Lists settings that take the program from each filter of a repository. */
async function withoutFilters(folder: string): Promise<Setting[]> {
    const list = ["config", "--null", "--name-only", "--get-regexp", "^filter\\."];
    // Ends with 1 where there is none.
    const keys = await git(folder, ...list).catch((error: CommandError) => {
        if (error.output !== "") throw error;
        return "";
    });
    const filters = new Set(keys.split("\0").flatMap((key) => /^(filter\..*)\.[^.]*$/s.exec(key)?.[1] ?? []));
    return [...filters].flatMap((filter): Setting[] => [
        [`${filter}.process`, ""],
        [`${filter}.required`, "false"],
    ]);
}

/**
 * Makes variables that carry settings, since `-c` takes no key with an equals sign. GIT_NO_LAZY_FETCH keeps git from fetching parts of a
 * partial clone.
 */
function environment(of: Setting[]): NodeJS.ProcessEnv {
    const variables = of.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
    ]);
    return {
        ...process.env,
        GIT_NO_LAZY_FETCH: "1",
        GIT_CONFIG_COUNT: String(of.length),
        ...(Object.fromEntries(variables) as Record<string, string>),
    };
}
