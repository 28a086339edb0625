import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { debianRelease, withApt } from "../../../local/world/toolchain/apt";
import { runCommand } from "../../../local/world/toolchain/command";
import { ownFolders } from "../../../local/world/toolchain/toolchain";
import { openToolContext } from "../../../local/world/toolchain/session";
import { ensureStored } from "../../../local/world/toolchain/store";

/** Release that the packages are from. */
const release = "trixie";

/** Packages of a system that has apt, and Python with pip; `?essential` is apt's name of those that each Debian system has. */
const systemPackages = ["?essential", "apt", "ca-certificates", "python3", "python3-pip"];

/** Path of the repository's index. */
const index = "site/debian/Packages";

/** Debian packages in folders. */
export interface DebianPackages {
    /** Absolute path of the folder with the packages of a system. */
    system: string;
    /** Absolute path of a folder with a repository of these and further ones below `debian`, as a line of sources.list names it with `./`. */
    site: string;
}

/**
 * Fetches the packages of a Debian system and further ones, each with all that it depends on, once for all clones of a person.
 *
 * @param packages names of the further ones
 * @throws one sentence where this machine's sources are no mirror of Debian
 */
export async function fetchDebianPackages(packages: string[]): Promise<DebianPackages> {
    const context = await openToolContext(ownFolders(), (line) => console.log(`      ${line}`));
    const folder = await ensureStored(
        {
            name: "debian-repository",
            content: [release, systemPackages, packages],
            isUsable: (made) => Promise.resolve(existsSync(path.join(made, index))),
            make: (made) =>
                withApt(debianRelease(release), { ...context, status: "/dev/null" }, async (apt, archives) => {
                    const fetch = ["install", "--download-only", "--no-install-recommends", ...systemPackages];
                    await apt(...fetch);
                    await copyPackages(archives, path.join(made, "system"));
                    await apt(...fetch, ...packages);
                    await copyPackages(archives, path.join(made, path.dirname(index)));
                    await writeIndex(path.join(made, index));
                }),
        },
        context,
    );
    return { system: path.join(folder, "system"), site: path.join(folder, "site") };
}

/** Copies packages. Their names lose the mark of an epoch, `%3a`, which a client of a repository would decode. */
async function copyPackages(archives: string, target: string): Promise<void> {
    await fs.mkdir(target, { recursive: true });
    for (const name of await packagesIn(archives)) {
        await fs.copyFile(path.join(archives, name), path.join(target, name.replace("%3a", "_")));
    }
}

/** Writes the index of the packages beside it, as dpkg-scanpackages(1) does. */
async function writeIndex(file: string): Promise<void> {
    const folder = path.dirname(file);
    const stanzas = [];
    for (const name of await packagesIn(folder)) {
        const control = await runCommand("dpkg-deb", ["--field", path.join(folder, name)]);
        const content = await fs.readFile(path.join(folder, name));
        const digest = createHash("sha256").update(content).digest("hex");
        stanzas.push(`${control}Filename: ./${name}\nSize: ${content.length}\nSHA256: ${digest}\n`);
    }
    await fs.writeFile(file, stanzas.join("\n"));
}

/** Lists the names of the packages in a folder. */
async function packagesIn(folder: string): Promise<string[]> {
    return (await fs.readdir(folder)).filter((name) => name.endsWith(".deb"));
}
