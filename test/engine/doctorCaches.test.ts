import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { examineDockerfile } from "../../infra/doctor/examine";
import { rules } from "../../infra/doctor/rules";
import { projectRoot, toolsDirectory } from "../../local/paths";
import { runCommand } from "../../local/world/toolchain/command";
import { engineWorld, writeContext } from "../support/engineWorld";
import { copyPrograms } from "../support/hostPrograms";
import { type PackageServer, startPackageServer } from "../support/packageServer";
import { RegistryBuilds } from "../support/registryBuilds";

/** Size of the package that exists from the beginning. */
const packageBytes = 20_000_000;

describe("what the Dockerfile doctor says of package caches", function () {
    this.timeout(120_000);
    let builds: RegistryBuilds;
    let folder: string;
    let server: PackageServer;

    before(async () => {
        builds = await RegistryBuilds.open(await engineWorld(), "doctor-caches");
    });

    beforeEach(async () => {
        folder = await fs.mkdtemp(path.join(os.tmpdir(), "doctor-caches-"));
    });

    afterEach(async () => {
        await server.stop();
        await fs.rm(folder, { recursive: true, force: true });
    });

    /** Measures the MB that are downloaded when a second package is added, on a builder that is kept. */
    async function downloaded(rule: string, name: string, steps: string, isAgainst: boolean): Promise<number> {
        const before = "ARG BASE_REGISTRY\nFROM ${BASE_REGISTRY}/busybox:1.37-musl\nCOPY --from=host / /\n";
        const context = await writeContext(name, { Dockerfile: before + steps.replaceAll("PACKAGES", "one") });
        const location = path.join(projectRoot, context);
        const findings = examineDockerfile({ dockerfile: path.join(location, "Dockerfile"), context: location });
        assert.deepEqual(
            findings.map((finding) => finding.rule.id),
            isAgainst ? [rule] : [],
        );
        const options = { contexts: { host: path.join(folder, "host") } };
        await builds.build(location, name, options);
        const bytes = server.bytes;
        await writeContext(name, { Dockerfile: before + steps.replaceAll("PACKAGES", "one two") });
        await builds.build(location, name, { ...options, keepBuilder: true });
        return Math.round((server.bytes - bytes) / 1e6);
    }

    async function compare(rule: string, against: string, following: string): Promise<void> {
        const counts = {
            against: await downloaded(rule, `${rule}-against`, against, true),
            following: await downloaded(rule, `${rule}-following`, following, false),
        };
        const { measured } = rules.find(({ id }) => id === rule)!;
        assert.deepEqual(counts, { against: measured.against, following: measured.following });
    }

    it("costs what pip-cache-mount-unused says, and not when the rule is followed", async () => {
        // GIVEN Python with pip, and a package index
        await copyPython(path.join(folder, "host"));
        const wheels = await Promise.all([makeWheel(folder, "one", packageBytes), makeWheel(folder, "two", 1000)]);
        server = await startPackageServer(Object.assign({}, ...wheels));
        // WHEN a dependency is added; THEN
        const mount = "RUN --mount=type=cache,target=/root/.cache/pip pip install --root-user-action=ignore";
        // pip keeps nothing of an index without TLS unless its host is trusted.
        const index = `--index-url=${server.url}/simple --trusted-host=${new URL(server.url).host} PACKAGES\n`;
        await compare("pip-cache-mount-unused", `${mount} --no-cache-dir ${index}`, `${mount} ${index}`);
    });

    it("costs what apt-cache-mount-emptied says, and not when the rule is followed", async () => {
        // GIVEN apt with the configuration of Debian's images, and a package repository
        const packages = await Promise.all([
            makePackage(folder, "one", packageBytes),
            makePackage(folder, "two", 1000),
        ]);
        const index = packages.map(({ entry }) => entry).join("\n");
        const files = Object.fromEntries(packages.map(({ name, content }) => [`/./${name}`, content]));
        server = await startPackageServer({ ...files, "/./Packages": index });
        await copyApt(path.join(folder, "host"), server.url);
        // WHEN a package is added; THEN
        const mount = "RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y PACKAGES\n";
        await compare("apt-cache-mount-emptied", mount, `RUN rm -f /etc/apt/apt.conf.d/docker-clean\n${mount}`);
    });
});

/** Copies the Python that the tools run on, its library without parts that pip does not need, and pip. */
async function copyPython(root: string): Promise<void> {
    const script =
        "import sys, sysconfig, pip; print(sys._base_executable, sysconfig.get_path('stdlib'), pip.__path__[0])";
    const output = await runCommand(path.join(toolsDirectory, "python/bin/python"), ["-c", script]);
    const [executable = "", library = "", pip = ""] = output.trim().split(" ");
    const python = await fs.realpath(executable);
    const unneeded = ["site-packages", "dist-packages", "test", "idlelib", "lib2to3", "tkinter", "__pycache__"];
    // Where Python is the distribution's, pip refuses to install beside it.
    const skipped = new Set([...unneeded, "EXTERNALLY-MANAGED"]);
    const isWanted = (file: string) => !skipped.has(path.basename(file)) && !path.basename(file).startsWith("config-");
    const extensions = path.join(library, "lib-dynload");
    const modules = (await fs.readdir(extensions)).map((file) => path.join(extensions, file));
    await copyPrograms([python, ...modules], root);
    await fs.cp(library, path.join(root, library), { recursive: true, filter: isWanted });
    await fs.cp(pip, path.join(root, library, "pip"), { recursive: true });
    await writeProgram(path.join(root, "bin/pip"), `#!/bin/sh\nexec ${python} -m pip --no-input "$@"\n`);
}

/** Copies apt and dpkg, with docker-clean as Debian's images have it (github.com/debuerreotype, docker-debian-artifacts). */
async function copyApt(root: string, url: string): Promise<void> {
    const names = ["apt-get", "dpkg", "dpkg-deb", "dpkg-split", "tar", "ldconfig"];
    const found = await runCommand("sh", [
        "-c",
        `PATH=$PATH:/sbin:/usr/sbin; for name in ${names.join(" ")}; do command -v $name; done`,
    ]);
    const methods = ["/usr/lib/apt/methods/http", "/usr/lib/apt/methods/store"];
    await copyPrograms([...found.trim().split("\n"), ...methods], root);
    await fs.cp("/usr/share/dpkg", path.join(root, "usr/share/dpkg"), { recursive: true });
    const archives = "/var/cache/apt/archives";
    const remove = `"rm -f ${archives}/*.deb ${archives}/partial/*.deb /var/cache/apt/*.bin || true";`;
    const files = {
        "etc/apt/apt.conf.d/docker-clean": [
            `DPkg::Post-Invoke { ${remove} };`,
            `APT::Update::Post-Invoke { ${remove} };`,
            'Dir::Cache::pkgcache "";',
            'Dir::Cache::srcpkgcache "";',
            "",
        ].join("\n"),
        "etc/apt/sources.list": `deb [trusted=yes allow-insecure=yes] ${url} ./\n`,
        "etc/apt/preferences.d/.keep": "",
        "var/lib/apt/lists/partial/.keep": "",
        "var/log/apt/.keep": "",
        "var/lib/dpkg/status": "",
        "var/lib/dpkg/info/.keep": "",
        "var/lib/dpkg/updates/.keep": "",
    };
    for (const [name, content] of Object.entries(files)) {
        await fs.mkdir(path.dirname(path.join(root, name)), { recursive: true });
        await fs.writeFile(path.join(root, name), content);
    }
    await fs.rm(path.join(root, "var/lib/dpkg/updates/.keep"));
}

async function writeProgram(file: string, content: string): Promise<void> {
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, content, { mode: 0o755 });
}

/** Makes a wheel and its page of the index, by the paths of a package index. */
async function makeWheel(folder: string, name: string, size: number): Promise<Record<string, string | Buffer>> {
    const tree = path.join(folder, `wheel-${name}`);
    const information = path.join(tree, `${name}-1.0.dist-info`);
    await fs.mkdir(information, { recursive: true });
    await fs.writeFile(path.join(tree, `${name}.bin`), randomBytes(size));
    await fs.writeFile(path.join(information, "METADATA"), `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`);
    await fs.writeFile(
        path.join(information, "WHEEL"),
        "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    );
    await fs.writeFile(path.join(information, "RECORD"), "");
    const file = `${name}-1.0-py3-none-any.whl`;
    const archive = "import shutil, sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2])";
    await runCommand(path.join(toolsDirectory, "python/bin/python"), ["-c", archive, path.join(folder, file), tree]);
    return {
        [`/simple/${name}/`]: `<a href="/files/${file}">${file}</a>`,
        [`/files/${file}`]: await fs.readFile(path.join(folder, `${file}.zip`)),
    };
}

/** Makes a Debian package, and its entry of a repository's index. */
async function makePackage(folder: string, name: string, size: number) {
    const tree = path.join(folder, `package-${name}`);
    await fs.mkdir(path.join(tree, "DEBIAN"), { recursive: true });
    const control = `Package: ${name}\nVersion: 1.0\nArchitecture: all\nMaintainer: test <test@example.com>\nDescription: test\n`;
    await fs.writeFile(path.join(tree, "DEBIAN/control"), control);
    await fs.writeFile(path.join(tree, name), randomBytes(size));
    const file = path.join(folder, `${name}.deb`);
    await runCommand("dpkg-deb", ["--build", "--root-owner-group", "-Zgzip", tree, file]);
    const content = await fs.readFile(file);
    const hash = createHash("sha256").update(content).digest("hex");
    const entry = `${control}Filename: ./${name}.deb\nSize: ${content.length}\nSHA256: ${hash}\n`;
    return { name: `${name}.deb`, content, entry };
}
