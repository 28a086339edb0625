import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { differences, readInputs, readResults } from "../../../local/commands/fingerprint";
import { worldLayout, type WorldLayout } from "../../../local/world/services/layout";
import { processStatus } from "../../../local/machine/processes";
import { writeRecord } from "../../../local/world/services/records";
import { makeTemporaryFolder } from "../world/toolchain/temporaryFolder";

/** Files of a small project, by their paths. */
const files: Record<string, string> = {
    ".gitignore": "node_modules/\n.tools/\n.local/\n*.log\n",
    "Pulumi.yaml":
        "name: shop\ndescription: Not a path, /as you see\nconfig: { images: { default: [{ name: app }] } }\n",
    "Pulumi.local.yaml": "config: { shop:maxBuildCount: 10 }\n",
    "package-lock.json": "{}",
    "infra/index.ts": "export {};",
    "app/Dockerfile": "FROM scratch",
    "app/main.go": "package main",
    "node_modules/.package-lock.json": "{}",
    "node_modules/some/index.js": "1",
    ".tools/bin/tool": "1",
    ".local/last-run.json": "{}",
};

async function write(root: string, content: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(content)) {
        await fs.mkdir(path.dirname(path.join(root, name)), { recursive: true });
        await fs.writeFile(path.join(root, name), text);
    }
}

describe("what decides about a start", () => {
    let folder: string;
    let root: string;
    let environment: NodeJS.ProcessEnv;
    const read = () => readInputs(root, path.join(root, ".local"), environment, path.join(folder, "certificates.crt"));

    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        root = path.join(folder, "project");
        environment = { PATH: "/usr/bin", TERM: "xterm", npm_command: "start" };
        await write(root, files);
        await write(folder, { "certificates.crt": "1", "other/file": "1" });
    });
    afterEach(() => fs.rm(folder, { recursive: true }));

    const changes: [what: string, change: () => Promise<unknown> | void, differs: string[]][] = [
        ["nothing changes", () => undefined, []],
        ["a file is written again with what it held", () => write(root, { "app/main.go": "package main" }), []],
        ["a file changes within its size", () => write(root, { "app/main.go": "package mine" }), ["sources"]],
        [
            "a file changes and keeps its time",
            async () => {
                const { atime, mtime } = await fs.stat(path.join(root, "app/main.go"));
                await write(root, { "app/main.go": "package mine" });
                await fs.utimes(path.join(root, "app/main.go"), atime, mtime);
            },
            ["sources"],
        ],
        ["the program changes", () => write(root, { "infra/index.ts": "export const a = 1;" }), ["sources"]],
        ["a setting changes", () => write(root, { "Pulumi.local.yaml": "config: {}" }), ["sources"]],
        ["a file comes", () => write(root, { "app/new.go": "" }), ["sources"]],
        ["a file goes", () => fs.rm(path.join(root, "app/main.go")), ["sources"]],
        ["a file moves", () => fs.rename(path.join(root, "app/main.go"), path.join(root, "app/other.go")), ["sources"]],
        ["a file may be executed", () => fs.chmod(path.join(root, "app/main.go"), 0o755), ["sources"]],
        ["an empty folder comes", () => fs.mkdir(path.join(root, "app/empty")), ["sources"]],
        ["a link within the project comes", () => fs.symlink("main.go", path.join(root, "app/link")), ["sources"]],
        ["a file that git ignores by its name comes", () => write(root, { "app/debug.log": "" }), ["sources"]],
        ["files of the world change", () => write(root, { ".local/last-run.json": "[]" }), []],
        ["files of tools and packages change", () => write(root, { ".tools/x": "", "node_modules/y": "" }), []],
        [
            "a folder below has the name of an ignored one",
            () => write(root, { "app/node_modules/some.js": "" }),
            ["sources"],
        ],
        ["other packages are installed", () => write(root, { "node_modules/.package-lock.json": "[]" }), ["packages"]],
        ["packages are removed", () => fs.rm(path.join(root, "node_modules"), { recursive: true }), ["packages"]],
        ["the machine trusts another certificate", () => write(folder, { "certificates.crt": "2" }), ["environment"]],
        ["a variable changes", () => void (environment.PATH = "/bin"), ["environment"]],
        ["a variable comes", () => void (environment.BUILDX_BUILDER = "mine"), ["environment"]],
        ["another terminal is used", () => void Object.assign(environment, { TERM: "dumb", npm_lifecycle: "x" }), []],
    ];
    for (const [what, change, differs] of changes) {
        it(`${differs.length === 0 ? "is the same" : `differs in ${differs.join()}`} when ${what}`, async () => {
            const before = read();
            await change();
            assert.deepEqual(differences(before, read()), differs);
        });
    }

    const unknown: [what: string, prepare: () => Promise<unknown>][] = [
        ["a link leads out of the project", () => fs.symlink("../../other", path.join(root, "app/link"))],
        ["a link leads to an ignored folder", () => fs.symlink("../.tools", path.join(root, "app/link"))],
        [
            "a setting names a folder outside",
            () => write(root, { "Pulumi.local.yaml": "config: { shop:images: [{ name: app, context: ../other }] }" }),
        ],
        [
            "a setting names a file of the machine",
            () => write(root, { "Pulumi.local.yaml": `config: { shop:caCertificates: ${folder}/certificates.crt }` }),
        ],
        [
            "a default names an ignored folder",
            () => write(root, { "Pulumi.yaml": "config: { images: { default: [{ name: .tools }] } }" }),
        ],
    ];
    for (const [what, prepare] of unknown) {
        it(`is never the same where ${what}`, async () => {
            await prepare();
            assert.deepEqual(differences(read(), read()), ["sources"]);
        });
    }
});

describe("what a start leaves", () => {
    let folder: string;
    let layout: WorldLayout;
    let tool: string;

    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        layout = worldLayout(path.join(folder, ".local"));
        tool = path.join(folder, "tool");
        await write(folder, { tool: "1" });
        await write(layout.folder, {
            "services.json": "{}",
            "run/container-host.json": "{}",
            "data/gateway/access.log": "{}\n",
            "data/state/.pulumi/stacks/shop/local.json": "{}",
            "pulumi/Pulumi.yaml": "name: shop",
            "pulumi/Pulumi.local.yaml": "config: {}",
            "pulumi/passphrase": "secret",
        });
        await record(process.pid, "gateway");
        await record(process.ppid, "dockerd");
    });
    afterEach(() => fs.rm(folder, { recursive: true }));

    const record = (pid: number, service: "gateway" | "dockerd", startTime = processStatus(pid)?.startTime ?? 0) =>
        writeRecord(layout, { service, pid, startTime, stamp: "1" });
    const inWorld = (name: string) => path.join(layout.folder, name);

    const changes: [what: string, change: () => Promise<unknown> | void, differs: string[]][] = [
        ["nothing changes", () => undefined, []],
        ["a tool is installed again", () => write(folder, { tool: "22" }), ["tools"]],
        ["a tool is removed", () => fs.rm(tool), ["tools"]],
        ["a service has ended", () => record(process.ppid, "dockerd", 1), ["services"]],
        ["a service is another process", () => record(process.pid, "dockerd"), ["services"]],
        ["a record is gone", () => fs.rm(inWorld("run/dockerd.json")), ["services"]],
        ["the world is reached another way", () => write(layout.folder, { "services.json": "[]" }), ["services"]],
        ["the container host is gone", () => fs.rm(inWorld("run/container-host.json")), ["services"]],
        [
            "somebody used the account, as to remove an image",
            () => fs.appendFile(inWorld("data/gateway/access.log"), "{}\n"),
            ["account"],
        ],
        ["the account is gone", () => fs.rm(inWorld("data/gateway"), { recursive: true }), ["account"]],
        [
            "the state was edited",
            () => write(layout.folder, { "data/state/.pulumi/stacks/shop/local.json": "[]" }),
            ["stack"],
        ],
        ["the stack was destroyed", () => fs.rm(inWorld("data/state"), { recursive: true }), ["stack"]],
        ["another update runs", () => write(layout.folder, { "data/state/.pulumi/locks/1.json": "{}" }), ["stack"]],
        ["the stack's settings were edited", () => fs.rm(inWorld("pulumi/Pulumi.local.yaml")), ["stack"]],
        ["the passphrase is gone", () => fs.rm(inWorld("pulumi/passphrase")), ["stack"]],
    ];
    for (const [what, change, differs] of changes) {
        it(`${differs.length === 0 ? "is the same" : `differs in ${differs.join()}`} when ${what}`, async () => {
            const before = await readResults(layout, [tool]);
            await change();
            assert.deepEqual(differences(before, await readResults(layout, [tool])), differs);
        });
    }
});
