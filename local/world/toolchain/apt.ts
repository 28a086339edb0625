import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CommandError, runCommand } from "./command";
import type { ToolContext } from "./context";
import { withLock } from "./lock";

/** Source of packages. */
export interface PackageSource {
    /** Name of the source's lists: one name for one content. */
    name: string;
    /** Makes the text of the private sources.list, or throws one sentence; undefined for the machine's own sources. */
    list?: (signal?: AbortSignal) => Promise<string>;
}

/** Sources of the machine itself. */
export const ownSource: PackageSource = { name: "own" };

/** Path of Debian's keys, as its packages install them. */
const debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Makes the source of another release of Debian, from the mirror of the machine's own release. Its lists count only with a signature by
 * Debian's keys on this machine.
 *
 * @param release its code name
 */
export function debianRelease(release: string): PackageSource {
    return { name: release, list: (signal) => sourcesList(release, signal) };
}

async function sourcesList(release: string, signal?: AbortSignal): Promise<string> {
    const format = "$(RELEASE) $(COMPONENT) $(REPO_URI)";
    const targets = await runCommand("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
        signal,
    });
    const osRelease = await fs.readFile("/etc/os-release", "utf8").catch(() => "");
    const mirror = mainMirror(targets, /^VERSION_CODENAME="?([a-z]+)/m.exec(osRelease)?.[1]);
    if (mirror === undefined)
        throw new Error("none of the sources of apt is a mirror of this machine's Debian release");
    const options = ["target=Packages", ...(existsSync(debianKeyring) ? [`signed-by=${debianKeyring}`] : [])].join(" ");
    return `deb [${options}] ${mirror} ${release} main\n`;
}

/**
 * Finds the URI that the machine's own release, and not its updates, comes from.
 *
 * @param targets lines of `release component URI`
 * @param codename the machine's release
 */
export function mainMirror(targets: string, codename = "stable"): string | undefined {
    const names = [codename, "oldoldstable", "oldstable", "stable", "testing", "unstable", "sid"];
    const lines = targets.split("\n").map((line) => line.split(" "));
    return lines.find(([release = "", component]) => names.includes(release) && component === "main")?.[2];
}

/** Runs a command of apt-get. @param args its words @returns its output */
export type AptGet = (...args: string[]) => Promise<string>;

/** Settings of {@link withApt}. */
export interface AptOptions extends Pick<ToolContext, "storeDirectory" | "report" | "signal"> {
    /** Absolute path of dpkg's list of the packages that count as installed. @default - the machine's own */
    status?: string;
}

/**
 * Downloads Debian packages and unpacks them. The system stays unchanged: lists, cache and state of apt are private, and no script of a
 * package runs.
 *
 * @param root folder to unpack into
 * @param source without its own list, packages come with those of their dependencies that the machine lacks; with one, alone, as
 * another release's libraries do not fit this one's
 * @throws CommandError when there is no apt-get, no such package, no network, no valid signature, or the disk is full
 */
export async function unpackPackages(
    root: string,
    packages: string[],
    source: PackageSource,
    options: AptOptions,
): Promise<void> {
    await withApt(source, options, async (apt, archives) => {
        if (source.list) await apt("download", ...packages);
        // --reinstall also downloads a package that the machine has already.
        else await apt("install", "--download-only", "--reinstall", "--no-install-recommends", ...packages);
        for (const archive of await fs.readdir(archives)) {
            if (!archive.endsWith(".deb")) continue;
            await runCommand("dpkg-deb", ["--extract", path.join(archives, archive), root], { signal: options.signal });
        }
    });
}

/**
 * Runs an action with an apt-get of private lists, cache and state, which are up to date.
 *
 * @param use function that gets apt-get and the absolute path of the folder that it downloads to, which is removed afterwards
 * @throws CommandError as {@link unpackPackages}
 */
export async function withApt(
    source: PackageSource,
    { storeDirectory, report, signal, status = "/var/lib/dpkg/status" }: AptOptions,
    use: (apt: AptGet, archives: string) => Promise<void>,
): Promise<void> {
    const folder = path.join(storeDirectory, `apt-${source.name}`);
    const [lists, archives] = [path.join(folder, "lists"), path.join(folder, "cache", "archives")];
    for (const created of [path.join(lists, "partial"), path.join(archives, "partial")]) {
        await fs.mkdir(created, { recursive: true });
    }
    const onWait = (holder: number) => report(`waiting for process ${holder}, which fetches Debian packages …`);
    await withLock(folder, onWait, signal, async () => {
        const configuration = path.join(folder, "apt.conf");
        await fs.writeFile(configuration, aptConfiguration(folder, source, status));
        if (source.list) await fs.writeFile(path.join(folder, "sources.list"), await source.list(signal));
        const apt: AptGet = (...args) =>
            runCommand("apt-get", ["--config-file", configuration, "--quiet", "--yes", ...args], {
                cwd: archives,
                env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
                signal,
            });
        await apt("update");
        try {
            await use(apt, archives);
        } finally {
            await fs.rm(archives, { recursive: true, force: true });
        }
    });
}

/** Renders apt's configuration. apt reads it after the system's own, hence the hooks and further lists that are cleared (apt.conf(5)). */
function aptConfiguration(folder: string, { list }: PackageSource, status: string): string {
    const sources = `
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Default-Release "";
APT::Update::Error-Mode "any";
`;
    return `
Dir::State "${folder}";
Dir::State::lists "${folder}/lists";
Dir::State::status "${status}";
Dir::Cache "${folder}/cache";
Dir::Log "${folder}";
APT::Sandbox::User "${process.getuid?.() === 0 ? "root" : ""}";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Retries "2";
Acquire::Languages "none";
Debug::NoLocking "true";
${list ? sources : ""}
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::CNF;
#clear Acquire::IndexTargets::deb::Contents-deb;
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
`;
}

/** Explains a machine without apt in one sentence; other errors stay unchanged. */
export function explainMissingApt(packages: string[], error: unknown): unknown {
    if (!(error instanceof CommandError && error.missing)) return error;
    const names = packages.join(", ");
    return new Error(
        `${error.command} is not on this machine, so ${names} cannot be fetched; install ${names} with your package manager, then run the command again.`,
        { cause: error },
    );
}
