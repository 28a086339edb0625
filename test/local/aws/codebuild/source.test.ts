import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { copySource } from "../../../../local/aws/codebuild/source";
import { writeHostileRepository } from "../../../support/hostileRepository";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";

describe("codebuild: source", () => {
    let folder: string;
    let from: string;
    let to: string;

    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        [from, to] = [path.join(folder, "from"), path.join(folder, "to")];
        fs.mkdirSync(from);
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    const write = (file: string, content: string, mode = 0o644) => {
        const location = path.join(from, file);
        fs.mkdirSync(path.dirname(location), { recursive: true });
        fs.writeFileSync(location, content, { mode });
    };
    const git = (...args: string[]) => {
        const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "protocol.file.allow=always"];
        return execFileSync("git", ["-C", from, ...identity, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
    };
    const files = () =>
        fs
            .readdirSync(to, { recursive: true, withFileTypes: true })
            .filter((entry) => !entry.isDirectory())
            .map((entry) => path.relative(to, path.join(entry.parentPath, entry.name)))
            .sort();

    it("copies everything of a folder that is no work tree: modes, links, empty folders", async () => {
        write("run.sh", "#!/bin/sh", 0o755);
        write("with space/ü", "x");
        fs.symlinkSync("nowhere", path.join(from, "dangling"));
        fs.symlinkSync("with space", path.join(from, "folder"));
        fs.mkdirSync(path.join(from, "empty"));
        assert.equal(await copySource(from, to), undefined);
        assert.deepEqual(files(), ["dangling", "folder", "run.sh", "with space/ü"]);
        assert.equal(fs.statSync(path.join(to, "run.sh")).mode & 0o777, 0o755);
        assert.deepEqual(
            ["dangling", "folder"].map((link) => fs.readlinkSync(path.join(to, link))),
            ["nowhere", "with space"],
        );
        assert.ok(fs.statSync(path.join(to, "empty")).isDirectory());
    });

    it("copies of a work tree what git has or would add, as it stands there", async () => {
        // GIVEN a commit, and a change, a deletion, an untracked and an ignored file since
        git("init", "-q");
        write(".gitignore", "ignored/\n");
        write("changed", "old");
        write("deleted", "x");
        git("add", ".");
        git("commit", "-qm", "first");
        write("changed", "new");
        write("untracked", "x");
        write("ignored/file", "x");
        fs.rmSync(path.join(from, "deleted"));
        // WHEN it is copied THEN the copy is what a commit of it would be, and the commit is known
        assert.equal(await copySource(from, to), git("rev-parse", "HEAD"));
        assert.deepEqual(files(), [".gitignore", "changed", "untracked"]);
        assert.equal(fs.readFileSync(path.join(to, "changed"), "utf8"), "new");
    });

    it("copies submodules with their files", async () => {
        const part = path.join(folder, "part");
        fs.mkdirSync(part);
        fs.writeFileSync(path.join(part, "inner"), "x");
        for (const args of [
            ["init", "-q"],
            ["add", "."],
            ["-c", "user.name=t", "-c", "user.email=t@e", "commit", "-qm", "x"],
        ]) {
            execFileSync("git", ["-C", part, ...args]);
        }
        git("init", "-q");
        git("submodule", "--quiet", "add", part, "sub");
        await copySource(from, to);
        assert.deepEqual(files(), [".gitmodules", "sub/inner"]);
    });

    it("checks out a version that is asked for", async () => {
        git("init", "-q", "-b", "main");
        write("file", "first");
        git("add", ".");
        git("commit", "-qm", "first");
        git("tag", "v1");
        write("file", "second");
        git("commit", "-qam", "second");
        assert.equal(await copySource(from, to, "v1"), git("rev-parse", "v1"));
        assert.equal(fs.readFileSync(path.join(to, "file"), "utf8"), "first");
    });

    describe("runs nothing of the source", () => {
        const ran = () => fs.existsSync(path.join(folder, "ran"));
        /** Makes a program that leaves a mark, and passes its input on where a filter has to. @returns its path */
        const program = (end = "exit 1") => {
            const file = path.join(folder, "program");
            fs.writeFileSync(file, `#!/bin/sh\ntouch '${path.join(folder, "ran")}'\n${end}\n`, { mode: 0o755 });
            return file;
        };
        const commit = () => {
            git("init", "-q", "-b", "main");
            write("file", "first");
            git("add", ".");
            git("commit", "-qm", "first");
        };

        it("whose files are a repository by themselves", async () => {
            const mark = path.join(folder, "ran");
            writeHostileRepository(from, mark, ["[core]", `fsmonitor = ${program()}`]);
            assert.equal(await copySource(from, to), undefined);
            assert.equal(ran(), false);
        });

        it("in which such a folder lies", async () => {
            commit();
            writeHostileRepository(path.join(from, "app"), path.join(folder, "ran"), [
                "[core]",
                `fsmonitor = ${program()}`,
            ]);
            git("add", "--all");
            git("commit", "-qm", "second");
            await copySource(from, to);
            await copySource(from, path.join(folder, "other"), "main");
            assert.equal(ran(), false);
            assert.deepEqual(files(), [
                "app/HEAD",
                "app/config",
                "app/objects/.keep",
                "app/refs/heads/main",
                "app/x.sh",
                "file",
            ]);
        });

        it("which has a file system monitor and hooks", async () => {
            commit();
            git("config", "core.fsmonitor", program());
            git("config", "core.hooksPath", path.dirname(program()));
            fs.copyFileSync(program(), path.join(folder, "fsmonitor-watchman"));
            await copySource(from, to);
            assert.equal(ran(), false);
            git("ls-files", "--others");
            assert.ok(ran(), "the monitor is one that git would run");
        });

        it("which has filters, with names of any kind", async () => {
            commit();
            const names = ["plain", "a=b", "with.dot"];
            const lines = names.map((name) => `[filter "${name}"]\nsmudge = ${program("cat")}\nrequired = true\n`);
            write(".gitattributes", "* filter=plain\n");
            git("add", ".");
            git("commit", "-qm", "second");
            fs.appendFileSync(path.join(from, ".git/config"), lines.join(""));
            await copySource(from, to, "main");
            assert.equal(ran(), false);
            assert.equal(fs.readFileSync(path.join(to, "file"), "utf8"), "first");
            git("archive", "--output", path.join(folder, "archive.tar"), "main");
            assert.ok(ran(), "the filter is one that git would run");
        });

        it("which lacks objects that a program of it would fetch", async () => {
            commit();
            const blob = git("rev-parse", "HEAD:file");
            fs.rmSync(path.join(from, ".git/objects", blob.slice(0, 2), blob.slice(2)));
            const remote = `[remote "origin"]\nurl = .\npromisor = true\nuploadpack = ${program()}\n`;
            fs.appendFileSync(path.join(from, ".git/config"), `[extensions]\npartialClone = origin\n${remote}`);
            await assert.rejects(copySource(from, to, "main"), /git could not check out/);
            assert.equal(ran(), false);
            assert.throws(() => git("archive", "--output", path.join(folder, "archive.tar"), "main"));
            assert.ok(ran(), "the remote is one that git would run");
        });

        it("which another user owns: git refuses it, and the refusal says what to do", async function () {
            // Only root can give files away.
            if (process.getuid?.() !== 0) this.skip();
            commit();
            git("config", "core.fsmonitor", program());
            execFileSync("chown", ["--recursive", "65534", from]);
            await assert.rejects(copySource(from, to), ({ message }: Error) => {
                assert.match(message, /^git does not read the source folder .*dubious ownership/);
                assert.ok(message.endsWith(`run: git config --global --add safe.directory ${from}`), message);
                return true;
            });
            assert.equal(ran(), false);
            assert.equal(fs.existsSync(path.join(to, "file")), false);
        });
    });

    it("says what is missing: the folder, the version, the work tree", async () => {
        const missing = path.join(folder, "missing");
        await assert.rejects(copySource(missing, to), { message: `The source folder ${missing} does not exist.` });
        await assert.rejects(copySource(from, to, "v1"), {
            message: `The source folder ${from} is no git work tree, so there is no version v1 of it.`,
        });
        git("init", "-q");
        await assert.rejects(copySource(from, to, "v1"), { message: `The source folder ${from} has no version v1.` });
    });
});
