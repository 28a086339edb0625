import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensureUnpacked, libraryPath } from "../../../local/toolchain/debianPackages";
import { makeTemporaryFolder, writeScript } from "./temporaryFolder";

describe("Debian packages", () => {
    const pathBefore = process.env.PATH;
    let folder: string;
    let bin: string;
    let packages: string;
    const fetch = (...names: string[]) => ensureUnpacked(packages, names, () => undefined);
    const calls = async () =>
        (await fs.readFile(path.join(folder, "calls"), "utf8").catch(() => ""))
            .split("\n")
            .filter((line) => line !== "");
    const writeAptGet = (...lines: string[]) => writeScript(path.join(bin, "apt-get"), ...lines);

    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        bin = path.join(folder, "bin");
        packages = path.join(folder, "packages");
        await fs.mkdir(packages);
        // GIVEN an apt-get that downloads one package into the cache folder of its configuration
        await writeAptGet(
            'config="$2"; shift 4',
            `echo "$*" >> ${folder}/calls`,
            `cache=$(sed -n 's/^Dir::Cache "\\(.*\\)";/\\1/p' "$config")`,
            'if [ "$1" = install ]; then echo data > "$cache/archives/p_1_amd64.deb"; fi',
        );
        await writeScript(path.join(bin, "dpkg-deb"), 'mkdir -p "$3/usr/lib/x86_64-linux-gnu"; cp "$2" "$3/usr/p"');
        process.env.PATH = `${bin}:/usr/bin:/bin`;
    });
    afterEach(async () => {
        process.env.PATH = pathBefore;
        await fs.rm(folder, { recursive: true });
    });

    it("unpacks what apt-get downloads, and does it once", async () => {
        const root = await fetch("p", "q");
        assert.equal(await fs.readFile(path.join(root, "usr/p"), "utf8"), "data\n");
        assert.equal(await fetch("p", "q"), root);
        assert.deepEqual(await calls(), ["update", "install --download-only --reinstall --no-install-recommends p q"]);
        assert.equal(await libraryPath(root), path.join(root, "usr/lib/x86_64-linux-gnu"));
    });

    it("starts anew for another set of packages, and after a half-done run", async () => {
        await fetch("p");
        await fetch("p", "q");
        await fs.rm(path.join(packages, "stamp"));
        await fetch("p", "q");
        assert.equal((await calls()).filter((call) => call === "update").length, 3);
    });

    const faults: [string, string, string][] = [
        [
            "the network is away",
            "echo 'E: Failed to fetch http://deb.example.org/p.deb' >&2; exit 100",
            "The network did not answer (fetching the Debian packages p: E: Failed to fetch http://deb.example.org/p.deb); check the connection and the proxy settings, then run the command again.",
        ],
        [
            "there is no such package",
            "echo 'E: Unable to locate package p' >&2; exit 100",
            "fetching the Debian packages p failed: E: Unable to locate package p",
        ],
    ];
    for (const [what, script, message] of faults) {
        it(`ends with one sentence when ${what}`, async () => {
            await writeAptGet(script);
            await assert.rejects(fetch("p"), { message });
        });
    }

    it("names the package to install where there is no apt-get", async () => {
        process.env.PATH = path.join(folder, "empty");
        await assert.rejects(fetch("runc"), {
            message:
                "apt-get is not on this machine, so runc cannot be fetched; install runc with your package manager, then run the command again.",
        });
    });
});
