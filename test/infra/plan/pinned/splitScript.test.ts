import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { layerNames, layersFolder, splitMounts, splitScript } from "../../../../infra/plan/pinned/splitScript";
import { temporaryFolder } from "../../temporaryFolder";

/** Folder of packages in the stage. */
const packages = "/usr/lib/site-packages";

/** Files of a stage by path: their sizes in bytes, or the path that a link names. */
type Files = Record<string, number | string>;

describe("the script that spreads a stage over layers", () => {
    const folder = temporaryFolder();
    let count = 0;

    /** Writes files below a root. Links of the base are the stage's own files, as in layers of one file system. */
    function write(root: string, files: Files): void {
        for (const [file, content] of Object.entries(files)) {
            const target = path.join(root, file);
            fs.mkdirSync(path.dirname(target), { recursive: true });
            if (typeof content === "string") fs.symlinkSync(content, target);
            else fs.writeFileSync(target, Buffer.alloc(content));
        }
    }

    /** Runs the script on a stage that adds files to its base, with the folders of a build moved below one of this machine. */
    function run(
        added: Files,
        options: { base?: Files; change?: (stage: string) => void; tools?: string; folders?: string[] } = {},
    ) {
        const world = path.join(folder.path, String(count++));
        const [base, stage] = [path.join(world, "base"), path.join(world, "stage")];
        write(base, { "etc/passwd": 10, "usr/lib/os": 10, [`${packages}/pip/main`]: 10, ...options.base });
        execFileSync("cp", ["-al", base, stage]);
        write(stage, added);
        options.change?.(stage);
        const layers = path.join(world, "layers");
        const text = splitScript
            .replaceAll(layersFolder, layers)
            .replaceAll('"/.$side"', `"${world}/$side"`)
            .replaceAll(splitMounts.stage, stage);
        const { status, stderr } = spawnSync("/bin/sh", ["-c", text, "split", ...(options.folders ?? [packages])], {
            env: { PATH: options.tools ?? process.env.PATH },
            encoding: "utf8",
        });
        return { status, stderr, layers };
    }

    /** Lists the files and links of each layer that has any. */
    function filesOf(layers: string): Record<string, string[]> {
        const entries = layerNames.map((layer) => {
            const all = fs.readdirSync(path.join(layers, layer), { recursive: true, withFileTypes: true });
            const files = all.filter((entry) => !entry.isDirectory());
            return [
                layer,
                files
                    .map((entry) =>
                        path.join("/", path.relative(path.join(layers, layer), entry.parentPath), entry.name),
                    )
                    .sort(),
            ] as const;
        });
        return Object.fromEntries(entries.filter(([, files]) => files.length > 0));
    }

    /** Finds the layer of a file. */
    const layerOf = (layers: string, file: string) =>
        Object.entries(filesOf(layers)).find(([, files]) => files.includes(file))?.[0];

    it("leaves what the base has, and puts the rest into one layer", () => {
        const { layers, status, stderr } = run({ "opt/tool": 5, "opt/link": "tool" });
        assert.deepEqual([status, stderr], [0, ""]);
        assert.deepEqual(filesOf(layers), { rest: ["/opt/link", "/opt/tool"] });
    });

    it("takes changed files, modes and empty folders of the stage for its own", () => {
        const { layers } = run(
            {},
            {
                change: (stage) => {
                    fs.rmSync(path.join(stage, "usr/lib/os"));
                    fs.writeFileSync(path.join(stage, "usr/lib/os"), Buffer.alloc(10));
                    fs.mkdirSync(path.join(stage, "var/empty"), { recursive: true });
                    fs.chmodSync(path.join(stage, "etc"), 0o700);
                },
            },
        );
        assert.deepEqual(filesOf(layers), { rest: ["/usr/lib/os"] });
        assert.equal(fs.statSync(path.join(layers, "rest/etc")).mode & 0o777, 0o700);
        assert.ok(fs.existsSync(path.join(layers, "rest/var/empty")));
    });

    it("sets all times to a constant", () => {
        const { layers } = run({ [`${packages}/one/code`]: 1, "opt/link": "nowhere" });
        const all = fs.readdirSync(layers, { recursive: true, encoding: "utf8" }).map((one) => path.join(layers, one));
        assert.deepEqual(new Set(all.map((one) => fs.lstatSync(one).mtimeMs)), new Set([0]));
    });

    it("keeps folders together that belong to one package", () => {
        const names = ["num_py/a", "num_py.libs/b", "Num_Py-2.1.0.dist-info/c", "num-py.pth"];
        const { layers } = run(Object.fromEntries(names.map((name) => [`${packages}/${name}`, 1])));
        assert.equal(new Set(names.map((name) => layerOf(layers, `${packages}/${name}`))).size, 1);
    });

    it("puts hidden entries, which list all packages, to what belongs to none", () => {
        const hidden = [`${packages}/.bin/tool`, `${packages}/.package-lock.json`];
        const { layers } = run(Object.fromEntries(hidden.map((file) => [file, 1])));
        assert.deepEqual(filesOf(layers), { rest: hidden });
    });

    it("takes a folder in another one by its own entries", () => {
        const names = Array.from({ length: 12 }, (_, index) => `.store/package${index}@1.0.0/index.js`);
        const options = { folders: [packages, `${packages}/.store`] };
        const { layers } = run(Object.fromEntries(names.map((name) => [`${packages}/${name}`, 1])), options);
        assert.ok(Object.keys(filesOf(layers)).length > 4);
    });

    it("takes each package of a scope for itself", () => {
        const names = Array.from({ length: 12 }, (_, index) => `@scope/${"abcdefghijkl"[index]}package/index.js`);
        const { layers } = run(Object.fromEntries(names.map((name) => [`${packages}/${name}`, 1])));
        assert.ok(new Set(names.map((name) => layerOf(layers, `${packages}/${name}`))).size > 4);
    });

    it("assigns a package by its name and size alone", () => {
        const alone = run({ [`${packages}/one/code`]: 1, [`${packages}/large/code`]: 3_000_000 });
        const others = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`${packages}/p${index}/code`, 1]));
        const among = run({
            ...others,
            [`${packages}/one-2.0.data/code`]: 1,
            [`${packages}/one/code`]: 1,
            [`${packages}/large/code`]: 3_000_000,
        });
        for (const file of [`${packages}/one/code`, `${packages}/large/code`]) {
            assert.equal(layerOf(among.layers, file), layerOf(alone.layers, file));
        }
        assert.match(layerOf(alone.layers, `${packages}/one/code`)!, /^small-/);
        assert.match(layerOf(alone.layers, `${packages}/large/code`)!, /^large-/);
        // Sixty packages leave hardly any of sixteen layers empty.
        assert.ok(Object.keys(filesOf(among.layers)).length >= 14);
    });

    it("copies names of any kind", () => {
        const names = [
            "with space/a b",
            "-leading/-c",
            "ünï/çødé",
            "back\\slash/d",
            "back\\new/d",
            "[x]*?/e",
            "'quote\"/f",
        ];
        const { layers, stderr } = run(Object.fromEntries(names.map((name) => [`${packages}/${name}`, 1])));
        assert.equal(stderr, "");
        assert.deepEqual(
            Object.values(filesOf(layers)).flat().sort(),
            names.map((name) => `${packages}/${name}`).sort(),
        );
    });

    const refused: [title: string, code: number, options: Parameters<typeof run>[1], reason: string][] = [
        ["the folder is missing", 4, { folders: ["/srv/none"] }, "it has no folder /srv/none"],
        [
            "a file of the base is deleted",
            5,
            { change: (stage) => fs.rmSync(path.join(stage, "etc/passwd")) },
            "it deletes /etc/passwd of the image below it, which layers cannot show; delete the file in that image",
        ],
        ["the image has no tools", 3, { tools: "/nowhere" }, "its image has no awk; name no layers, or install it"],
    ];
    for (const [title, code, options, reason] of refused) {
        it(`ends with one sentence where ${title}`, () => {
            const { status, stderr } = run({}, options);
            assert.deepEqual([status, stderr], [code, `The stage cannot be split into layers: ${reason}.\n`]);
        });
    }
});
