import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { withRegistryLogin } from "../../local/world/base-images/registry";
import { builderEnvironment } from "../../local/world/services";
import type { UpResult } from "../../local/world/stack";
import { runCommand } from "../../local/world/toolchain/command";
import { awsClients, type EngineWorld } from "./engineWorld";

/** Content of an image, without times. */
export interface ImageTree {
    /** One line for each entry: type, mode, owners, link, checksum, path. */
    files: string[];
    /** Settings of the image's containers: user, environment, labels and the like. */
    settings: unknown;
}

/** Reads the files and the settings of a stack's image from the registry. */
export async function imageTree(engine: EngineWorld, { outputs }: UpResult): Promise<ImageTree> {
    const { world, toolchain } = engine;
    const imageUri = outputs.imageUri as string;
    return withRegistryLogin(awsClients(engine).ecr, world, async (folder) => {
        const [root, source] = [path.join(folder, "root"), path.join(folder, "source")];
        await fs.mkdir(source);
        await fs.writeFile(path.join(source, "Dockerfile"), `FROM ${imageUri}\n`);
        const env = { ...builderEnvironment(world), DOCKER_CONFIG: folder };
        const run = (...args: string[]) =>
            runCommand(toolchain.dockerBuildx, ["--builder", world.builder, ...args], { env });
        await run("build", "--provenance=false", `--output=type=local,dest=${root}`, source);
        const inspected = await run("imagetools", "inspect", imageUri, "--format", "{{json .Image}}");
        return { files: listing(root), settings: (JSON.parse(inspected) as { config: unknown }).config };
    });
}

function listing(root: string): string[] {
    const script = `find . -printf '%y %m %U:%G %l %P\\n' | LC_ALL=C sort; find . -type f -exec sha256sum {} + | LC_ALL=C sort`;
    return execFileSync("sh", ["-c", script], { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 }).split("\n");
}
