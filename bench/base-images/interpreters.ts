import * as fs from "node:fs/promises";
import * as path from "node:path";
import { runCommand } from "../../local/world/toolchain/command";
import { incompressible } from "../packages/filler";
import { copySharedLibraries } from "./sharedLibraries";

/** Size of a file that stands for the distribution's packages below interpreters' official images. */
const distributionBytes = 60_000_000;

/** Parts of the standard library that no application needs; the first one would keep pip from installing anything. */
const leftOut =
    /EXTERNALLY-MANAGED$|\/(site-packages|test|tests|idlelib|tkinter|turtledemo|lib2to3|config-3[^/]*|__pycache__)$|_tkinter/;

/**
 * Writes the root folder of a Python image: interpreter, standard library and pip of this machine.
 *
 * @param python an interpreter that has pip, such as that of a virtual environment
 */
export async function writePythonRoot(root: string, python: string): Promise<void> {
    const script =
        "import sys, os, pip, json; print(json.dumps([sys._base_executable, os.path.dirname(os.__file__), os.path.dirname(pip.__file__)]))";
    const [executable = "", library = "", pip = ""] = JSON.parse(await runCommand(python, ["-c", script])) as string[];
    const below = (name: string) => path.join(root, "usr/local", name);
    await fs.mkdir(below("bin"), { recursive: true });
    await fs.copyFile(await fs.realpath(executable), below("bin/python3.11"));
    for (const name of ["python", "python3"]) await fs.symlink("python3.11", below(`bin/${name}`));
    await fs.cp(library, below("lib/python3.11"), { recursive: true, filter: (file) => !leftOut.test(file) });
    await fs.cp(pip, below("lib/pip/pip"), { recursive: true, filter: (file) => !file.endsWith("__pycache__") });
    for (const name of ["pip", "pip3"]) {
        const start = '#!/bin/sh\nPYTHONPATH=/usr/local/lib/pip exec python3.11 -m pip "$@"\n';
        await fs.writeFile(below(`bin/${name}`), start, { mode: 0o755 });
    }
    const extensions = await fs.readdir(below("lib/python3.11/lib-dynload"));
    const objects = extensions.map((name) => below(path.join("lib/python3.11/lib-dynload", name)));
    // pthread_exit(3), by which Python ends threads that still run at its end, loads libgcc_s, which only C++ programs such as node name.
    const libraries = await copySharedLibraries([below("bin/python3.11"), ...objects, process.execPath], root);
    // glibc keeps librt for programs that name it, as pyarrow's wheel does.
    const glibc = libraries.find((library) => library.endsWith("/libc.so.6"))!;
    const librt = path.join(path.dirname(glibc), "librt.so.1");
    await fs.copyFile(librt, path.join(root, librt));
    await writeDistribution(root);
}

/** Writes the root folder of a Node image: node and npm of this machine. */
export async function writeNodeRoot(root: string): Promise<void> {
    const npm = path.join((await runCommand("npm", ["root", "--global"])).trim(), "npm");
    const below = (name: string) => path.join(root, "usr/local", name);
    await fs.mkdir(below("bin"), { recursive: true });
    await fs.copyFile(process.execPath, below("bin/node"));
    await fs.chmod(below("bin/node"), 0o755);
    await fs.cp(npm, below("lib/node_modules/npm"), { recursive: true });
    await fs.symlink("../lib/node_modules/npm/bin/npm-cli.js", below("bin/npm"));
    await copySharedLibraries([process.execPath], root);
    await writeDistribution(root);
}

async function writeDistribution(root: string): Promise<void> {
    await fs.mkdir(path.join(root, "usr/share"), { recursive: true });
    await fs.writeFile(path.join(root, "usr/share/distribution"), incompressible("distribution", distributionBytes));
}
