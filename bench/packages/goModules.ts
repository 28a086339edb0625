import * as path from "node:path";
import { zipSync } from "fflate";
import { goEnvironment } from "../../local/world/toolchain/goCommand";
import { runCommand } from "../../local/world/toolchain/command";
import { sourceText } from "./filler";
import type { PackageSite } from "./packageSite";

/** Folder of the site that is a GOMODCACHE; its downloads are laid out as a module proxy serves them. */
const moduleCache = "gomodcache";

/** Path of the module proxy below the origin of the site. */
const moduleProxyPath = `${moduleCache}/cache/download`;

/** Downloads the modules that a Go module requires into the site. @param folder folder of its go.mod */
export async function downloadGoModules(site: PackageSite, folder: string): Promise<void> {
    const env = { ...goEnvironment(), GOMODCACHE: path.join(site.folder, moduleCache), GOFLAGS: "-modcacherw" };
    await runCommand("go", ["mod", "download"], { cwd: folder, env });
}

/** Puts a module of one package into the site. @param name path of the module */
export async function writeGoModule(site: PackageSite, name: string, sourceBytes: number): Promise<void> {
    const version = "v1.0.0";
    const text = sourceText(
        name,
        sourceBytes,
        (id, value) => `func V${id}(argument int) string { return "${value}"[argument:] }`,
    );
    const goMod = `module ${name}\n\ngo 1.26\n`;
    const below = (file: string) => `${name}@${version}/${file}`;
    const archive = zipSync(
        {
            [below("go.mod")]: Buffer.from(goMod),
            [below("source.go")]: Buffer.from(`package ${path.basename(name)}\n\n${text}`),
        },
        { mtime: "1980-01-02T00:00:00Z" },
    );
    const write = (file: string, content: string | Uint8Array) =>
        site.write(`${moduleProxyPath}/${name}/@v/${file}`, content);
    await write("list", `${version}\n`);
    await write(`${version}.info`, JSON.stringify({ Version: version, Time: "2026-01-01T00:00:00Z" }));
    await write(`${version}.mod`, goMod);
    await write(`${version}.zip`, archive);
}

/** Adds a module of the site to a go.mod and its go.sum. @param name path of the module */
export async function requireGoModule(site: PackageSite, folder: string, name: string): Promise<void> {
    const env = {
        ...goEnvironment(),
        GOMODCACHE: path.join(site.folder, "consumer"),
        GOFLAGS: "-modcacherw",
        GOPROXY: `${site.origin}/${moduleProxyPath}`,
        GOSUMDB: "off",
    };
    await runCommand("go", ["get", `${name}@v1.0.0`], { cwd: folder, env });
}
