import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { runCommand } from "../../local/world/toolchain/command";
import { writeFiles } from "./writeFiles";
import { incompressible, sourceText } from "./filler";
import type { PackageSite } from "./packageSite";

/** Makes text of a JavaScript module: functions without a purpose. */
export function javascriptModule(seed: string, length: number): string {
    return sourceText(seed, length, (name, value) => `exports.${name} = (argument) => "${value}".slice(argument);`);
}

/** Puts an npm package into the site: `modules` source files and as much binary data. */
export async function writeTarball(
    site: PackageSite,
    name: string,
    binaryBytes: number,
    modules: number,
): Promise<void> {
    const folder = path.join(site.folder, "unpacked", name);
    const code = Array.from({ length: modules }, (_, index) => [
        `package/module-${index}.js`,
        javascriptModule(`${name} ${index}`, 4000),
    ]);
    await writeFiles(folder, {
        "package/package.json": JSON.stringify({ name, version: "1.0.0" }),
        "package/data.bin": incompressible(name, binaryBytes),
        ...(Object.fromEntries(code) as Record<string, string>),
    });
    const file = tarballFile(site, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    const deterministic = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
    await runCommand("tar", [
        "--create",
        "--gzip",
        ...deterministic,
        `--file=${file}`,
        `--directory=${folder}`,
        "package",
    ]);
    await fs.rm(folder, { recursive: true });
}

/** Makes the entry of a package in a package-lock.json. */
export async function lockEntry(site: PackageSite, name: string): Promise<object> {
    const integrity = createHash("sha512")
        .update(await fs.readFile(tarballFile(site, name)))
        .digest("base64");
    return {
        version: "1.0.0",
        resolved: `${site.origin}/npm/${name}/-/${name}-1.0.0.tgz`,
        integrity: `sha512-${integrity}`,
    };
}

function tarballFile(site: PackageSite, name: string): string {
    return path.join(site.folder, "npm", name, "-", `${name}-1.0.0.tgz`);
}
