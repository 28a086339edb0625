import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { mainMirror, ownSource, withApt } from "../../../../local/world/toolchain/apt";
import { libraryPath, type PackageSet, unpackedPackages } from "../../../../local/world/toolchain/debianPackages";
import { openToolContext } from "../../../../local/world/toolchain/session";
import { makeTemporaryFolder, writeScript } from "./temporaryFolder";

describe("Debian packages", () => {
    const pathBefore = process.env.PATH;
    let folder: string;
    let bin: string;
    const fetchSet = async (set: PackageSet, clone = "clone") => {
        const [toolsDirectory, storeDirectory] = [path.join(folder, clone), path.join(folder, "cache/tools")];
        const folders = { toolsDirectory, storeDirectory, pinsDirectory: folder };
        return unpackedPackages(set, await openToolContext(folders, () => undefined));
    };
    const fetch = (...packages: string[]) => fetchSet({ name: "set", packages });
    const calls = async () =>
        (await fs.readFile(path.join(folder, "calls"), "utf8").catch(() => ""))
            .split("\n")
            .filter((line) => line !== "");
    const writeAptGet = (...lines: string[]) => writeScript(path.join(bin, "apt-get"), ...lines);

    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        bin = path.join(folder, "bin");
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
        const store = path.join(folder, "cache/tools");
        for (const name of await fs.readdir(store)) {
            if (name.startsWith("debian-")) await fs.rm(path.join(store, name, "complete"));
        }
        await fetch("p", "q");
        assert.equal((await calls()).filter((call) => call === "update").length, 3);
    });

    it("fetches nothing again for another clone of the same person", async () => {
        const set = { name: "set", packages: ["p"], links: { "usr/link": "p" } };
        const roots = [await fetchSet(set), await fetchSet(set, "other-clone")];
        assert.deepEqual(roots, [path.join(folder, "clone/debian/set"), path.join(folder, "other-clone/debian/set")]);
        for (const root of roots) assert.equal(await fs.readFile(path.join(root, "usr/link"), "utf8"), "data\n");
        assert.equal((await calls()).length, 2);
    });

    it("fetches a set again whose programs do not run any more", async () => {
        const isUsable = async (root: string) => (await fs.readFile(path.join(root, "usr/p"), "utf8")) === "data\n";
        const set = { name: "set", packages: ["p"], isUsable };
        const root = await fetchSet(set);
        await fs.writeFile(path.join(root, "usr/p"), "damaged");
        await fetchSet(set);
        assert.equal(await fs.readFile(path.join(root, "usr/p"), "utf8"), "data\n");
        assert.equal((await calls()).length, 4);
    });

    it("takes packages of another release alone, from a list of its own whose signature has to be valid", async () => {
        await writeAptGet(
            'config="$2"; shift 4',
            `echo "$*" >> ${folder}/calls`,
            `if [ "$1" = download ]; then echo data > p_1_amd64.deb; fi`,
        );
        const list = "deb https://mirror.example/debian later main\n";
        const source = { name: "later", list: () => Promise.resolve(list) };
        const root = await fetchSet({ name: "set", packages: ["p"], source });
        assert.equal(await fs.readFile(path.join(root, "usr/p"), "utf8"), "data\n");
        assert.deepEqual(await calls(), ["update", "download p"]);
        const apt = path.join(folder, "cache/tools/apt-later");
        const configuration = await fs.readFile(path.join(apt, "apt.conf"), "utf8");
        for (const line of [
            `Dir::Etc::sourcelist "${apt}/sources.list";`,
            'Dir::Etc::sourceparts "/dev/null";',
            'Acquire::AllowInsecureRepositories "false";',
            'APT::Get::AllowUnauthenticated "false";',
            'APT::Update::Error-Mode "any";',
        ]) {
            assert.ok(configuration.split("\n").includes(line), line);
        }
        assert.equal(await fs.readFile(path.join(apt, "sources.list"), "utf8"), list);
    });

    it("takes what a given file lists for the installed packages, and removes the downloads", async () => {
        const [storeDirectory, report] = [path.join(folder, "cache/tools"), () => undefined];
        let [configuration, downloads] = ["", [] as string[]];
        await withApt(ownSource, { storeDirectory, report, status: "/dev/null" }, async (apt, archives) => {
            await apt("install", "p");
            configuration = await fs.readFile(path.join(storeDirectory, "apt-own/apt.conf"), "utf8");
            downloads = (await fs.readdir(archives)).filter((name) => name.endsWith(".deb"));
        });
        assert.ok(configuration.split("\n").includes('Dir::State::status "/dev/null";'), configuration);
        assert.deepEqual(downloads, ["p_1_amd64.deb"]);
        assert.equal(existsSync(path.join(storeDirectory, "apt-own/cache/archives")), false);
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

describe("mainMirror", () => {
    const debian = "http://deb.example/debian/";
    const targets = [
        "nodistro main https://node.example/",
        "bookworm stable https://docker.example/debian/",
        "bookworm-security main http://deb.example/debian-security/",
    ];
    const machines: [string, string[], string | undefined, string | undefined][] = [
        ["the one of the release", [...targets, `bookworm main ${debian}`], "bookworm", debian],
        ["the one of a release by its alias", [`oldstable main ${debian}`], "bookworm", debian],
        ["none among other vendors' sources", targets, "bookworm", undefined],
        ["none on another distribution", ["noble universe http://archive.example/ubuntu/"], "noble", undefined],
        ["none without sources", [""], undefined, undefined],
    ];
    for (const [what, lines, codename, mirror] of machines) {
        it(`finds ${what}`, () => assert.equal(mainMirror(lines.join("\n"), codename), mirror));
    }
});
