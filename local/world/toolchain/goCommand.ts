import type { ToolContext } from "./context";
import { CommandError, runCommand } from "./command";
import type { GoModule } from "./goModule";
import { compareVersions, parseVersion } from "./version";

/**
 * Makes the environment of every Go command: the person's own Go settings must not change pinned tools. Go asks no version control, since
 * it would run git in the folder.
 */
export function goEnvironment(): NodeJS.ProcessEnv {
    return { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOWORK: "off" };
}

/**
 * Finds Go on PATH.
 *
 * @param modules the modules that it must be new enough for
 * @returns GOROOT
 * @throws one sentence when there is none or it is too old
 */
export async function findGoRoot(modules: GoModule[], context: ToolContext): Promise<string> {
    const newest = modules.toSorted((a, b) => compareVersions(a.goVersion, b.goVersion)).at(-1);
    const needed = newest?.goVersion ?? "0.0.0";
    const advice = `install Go ${needed} or later (https://go.dev/dl), then run the command again.`;
    const [version = "", root = ""] = await runCommand("go", ["env", "GOVERSION", "GOROOT"], {
        // There Go takes a newer toolchain of its own where it may (https://go.dev/doc/toolchain).
        cwd: newest?.folder ?? context.pinsDirectory,
        env: goEnvironment(),
        signal: context.signal,
    }).then(
        (output) => output.trim().split("\n"),
        (error: unknown) => {
            if (!(error instanceof CommandError)) throw error;
            const reason = error.missing ? "Go is not on PATH" : `Go on PATH cannot be used (${error.lastLine})`;
            throw new Error(`${reason}; ${advice}`, { cause: error });
        },
    );
    const found = parseVersion(version);
    if (found === undefined || compareVersions(found, needed) < 0) {
        throw new Error(`Go on PATH is ${version || "of an unknown version"}, which is too old; ${advice}`);
    }
    return root;
}
