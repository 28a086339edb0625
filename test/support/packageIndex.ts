import * as fs from "node:fs/promises";
import * as path from "node:path";
import { writePythonRoot } from "../../bench/base-images/interpreters";
import { pushBaseImage } from "../../bench/base-images/pushBaseImage";
import { writeWheelIndex } from "../../bench/packages/wheelIndex";
import { ensureRepository, withEcr, withRegistryLogin } from "../../local/world/base-images/registry";
import { worldDirectory } from "../../local/paths";
import { runCommand } from "../../local/world/toolchain/command";
import type { EngineWorld } from "./engineWorld";

/** Arguments of pip for wheels of each architecture, whatever that of this machine. */
const bothArchitectures = ["x86_64", "aarch64"].map((architecture) =>
    ["manylinux_2_28", "manylinux_2_17", "manylinux2014"].map((tag) => `--platform=${tag}_${architecture}`),
);

/** Python of the machine that has pip. */
const pythonOf = ({ toolchain }: EngineWorld) => path.join(path.dirname(toolchain.ministack), "python");

/**
 * Makes an index of the wheels that texts name, as this machine's pip gets them from the index that it is set to.
 *
 * @param texts requirement files, or Dockerfiles with `name==version` in them, of images for this machine's architecture
 * @param textsOfBoth the same of images for two architectures
 * @param version version of Python that the wheels are for
 * @returns absolute path of its folder
 */
export async function makePackageIndex(
    engine: EngineWorld,
    texts: string[],
    textsOfBoth: string[] = [],
    version = "3.11",
): Promise<string> {
    const folder = path.join(worldDirectory(), `python-${version}-packages`);
    const target = `--python-version=${version}`;
    await downloadWheels(engine, folder, requirementsIn(texts), [target]);
    for (const platform of textsOfBoth.length > 0 ? bothArchitectures : []) {
        await downloadWheels(engine, folder, requirementsIn(textsOfBoth), [target, ...platform]);
    }
    await writeWheelIndex(folder);
    return folder;
}

/** Makes the base image `python:3.11-slim` of this machine's Python. @param packages address of the server of its package index */
export async function pushPythonImage(engine: EngineWorld, packages: string): Promise<void> {
    const root = path.join(worldDirectory(), "python-root");
    await writePythonRoot(root, pythonOf(engine));
    await withEcr(engine.world, async (ecr) => {
        await ensureRepository(ecr, "base/python");
        await withRegistryLogin(ecr, engine.world, (dockerConfig) =>
            pushBaseImage({ repository: "python", tag: "3.11-slim", root }, { ...engine, dockerConfig, packages }),
        );
    });
    await fs.rm(root, { recursive: true });
}

/** Lists the `name==version` in texts. */
function requirementsIn(texts: string[]): string[] {
    return texts.flatMap((text) => text.match(/\b[\w.-]+==[\w.]+/g) ?? []);
}

/** Downloads wheels. @param target arguments of pip that name version and platform of the Python; the latter is else this machine's */
async function downloadWheels(
    engine: EngineWorld,
    folder: string,
    requirements: string[],
    target: string[],
): Promise<void> {
    const download = ["-m", "pip", "download", "--quiet", "--no-input", "--no-deps", "--only-binary=:all:"];
    await runCommand(pythonOf(engine), [...download, ...target, `--dest=${folder}`, ...requirements]);
}
