import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot, worldDirectory } from "../../local/paths";
import type { UpResult } from "../../local/world/stack";
import { emptyBuilder, engineWorld, type EngineWorld, TestStack, writeContext } from "../support/engineWorld";
import { type Run, runProject } from "./projectRun";

/** Dockerfile that copies all of the context into the image. */
const copyAll = "FROM scratch\nCOPY . /\n";

/** Image whose context is hard to read alike in two places. */
interface Row {
    files: Record<string, string>;
    /** Function that makes entries that files alone cannot describe. */
    prepare?: (folder: string) => unknown;
    /** Settings of the image. */
    settings?: object;
}

const rows: Record<string, Row> = {
    names: { files: { "with space/ünï çødé ☃.txt": "1", "-leading": "2", "a\\b": "3", "#hash": "4", "[x]*?": "5" } },
    links: {
        files: { "target/file": "1" },
        prepare: async (folder) => {
            await fs.symlink("target/file", path.join(folder, "file"));
            await fs.symlink("target", path.join(folder, "folder"));
            await fs.symlink("nowhere", path.join(folder, "dangling"));
            await fs.symlink("/etc/hostname", path.join(folder, "outside"));
        },
    },
    executables: {
        files: { "run.sh": "#!/bin/sh\n", "data.sh": "#!/bin/sh\n" },
        prepare: (folder) => fs.chmod(path.join(folder, "run.sh"), 0o755),
    },
    ignored: {
        files: {
            ".dockerignore": "# all but\n*\n!kept\nkept/*.log\n!kept/important.log\n**/.DS_Store\n",
            "kept/a": "1",
            "kept/b.log": "2",
            "kept/important.log": "3",
            "kept/.DS_Store": "4",
            "dropped/a": "5",
        },
    },
    folders: {
        files: { file: "1" },
        prepare: (folder) => fs.mkdir(path.join(folder, "empty/inner"), { recursive: true }),
    },
    submodule: {
        files: { ".dockerignore": "**/.git\n", "vendor/library/file": "1" },
        prepare: (folder) => commit(path.join(folder, "vendor/library")),
    },
    lines: { files: { "dos.txt": "one\r\ntwo\r\n", "unix.txt": "one\ntwo\n", "mixed.txt": "one\r\ntwo\n\rthree" } },
    large: { files: { file: "1" }, prepare: (folder) => fs.truncate(path.join(folder, "file"), 64 * 2 ** 20) },
    target: {
        files: { Dockerfile: "FROM scratch AS one\nCOPY a /\nFROM scratch AS two\nCOPY b /\n", a: "1", b: "2" },
        settings: { target: "one" },
    },
    arguments: {
        files: { Dockerfile: 'FROM scratch\nARG VERSION="none"\nLABEL version=$VERSION\nCOPY file /\n', file: "1" },
        settings: { buildArgs: { VERSION: "a b 'c' \"d\" $e" } },
    },
};
const names = Object.keys(rows);

describe("`pulumi up` and CodeBuild", function () {
    this.timeout(300_000);
    let engine: EngineWorld;
    let up: UpResult;

    /** Updates the stack with one image for each row. @param changes settings of images that differ from those of the rows */
    async function update(changes: Record<string, object> = {}): Promise<UpResult> {
        const images = Object.entries(rows).map(([name, { settings }]) => ({
            name,
            context: path.relative(projectRoot, folderOf(name)),
            ...settings,
            ...changes[name],
        }));
        const stack = await TestStack.open(engine, "agreement", { images });
        return stack.up();
    }

    const build = (options: Parameters<typeof runProject>[2]): Promise<Run> =>
        runProject(engine, up.outputs as Record<string, string>, options);

    before(async () => {
        engine = await engineWorld();
        for (const [name, { files, prepare }] of Object.entries(rows)) {
            await writeContext(`agreement-${name}`, { Dockerfile: copyAll, ...files });
            await prepare?.(folderOf(name));
        }
        up = await update();
    });

    it("give the same content the same tag: CodeBuild adopts every image, also under another umask", async () => {
        const { succeeded, log, build: record, artifacts, metrics } = await build({ isPrivate: true });
        assert.ok(succeeded, log);
        assert.deepEqual([metrics.ImagesAdopted, metrics.ImagesBuilt], [names.length, 0], log);
        assert.equal(record.builderStarted, false);
        assert.deepEqual(digestsIn(artifacts), digestsOf(up));
    });

    it("agree on a commit too; only what git does not keep, an empty folder, makes another image", async () => {
        const { succeeded, log, artifacts } = await build({ isCommit: true });
        assert.ok(succeeded, log);
        const { folders: built, ...others } = digestsIn(artifacts);
        const { folders: before, ...expected } = digestsOf(up);
        assert.deepEqual(others, expected);
        assert.notEqual(built, before);
    });

    it("the other way round: what CodeBuild built, an update on an empty builder takes over as it is", async () => {
        // GIVEN other content everywhere, which CodeBuild builds first
        for (const name of names) await fs.appendFile(path.join(folderOf(name), firstFileOf(name)), "changed");
        const { succeeded, log, artifacts, metrics, exported } = await build({});
        assert.ok(succeeded, log);
        assert.equal(metrics.ImagesBuilt, names.length, log);
        // WHEN
        await emptyBuilder(engine);
        up = await update();
        // THEN
        assert.deepEqual(digestsOf(up), digestsIn(artifacts));
        assert.equal((up.outputs as Record<string, string>).imageTag, exported.IMAGE_TAG);
        assert.deepEqual(
            up.images.map(({ stepsRun }) => stepsRun),
            names.map(() => 0),
        );
    });

    it("agree on changed arguments and targets", async () => {
        const before = digestsOf(up);
        up = await update({ target: { target: "two" }, arguments: { buildArgs: { VERSION: "2" } } });
        const after = digestsOf(up);
        assert.deepEqual(
            names.filter((name) => after[name] !== before[name]),
            ["target", "arguments"],
        );
        const { succeeded, log, build: record, artifacts } = await build({});
        assert.ok(succeeded, log);
        assert.equal(record.builderStarted, false);
        assert.deepEqual(digestsIn(artifacts), after);
    });
});

function folderOf(name: string): string {
    return path.join(worldDirectory(), "contexts", `agreement-${name}`);
}

/** Finds a file of a row that is in its image. */
function firstFileOf(name: string): string {
    return Object.keys(rows[name]!.files).find((file) => !/^(\.dockerignore|Dockerfile)$/.test(file))!;
}

function commit(folder: string): void {
    const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { stdio: "ignore" });
    git("init");
    git("add", "--all");
    git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--message", "library");
}

/** Lists digests by image, as an update has them. */
function digestsOf({ images }: UpResult): Record<string, string> {
    return Object.fromEntries(images.map(({ name, digest }) => [name, digest]));
}

/** Lists digests by image, as a build's artifacts have them. */
function digestsIn(artifacts: Record<string, unknown>): Record<string, string> {
    const definitions = artifacts["imagedefinitions.json"] as { name: string; imageUri: string }[];
    return Object.fromEntries(definitions.map(({ name, imageUri }) => [name, imageUri.split("@")[1]!]));
}
