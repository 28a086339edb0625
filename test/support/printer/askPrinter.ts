import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { withEcr, withRegistryLogin } from "../../../local/world/base-images/registry";
import { builderEnvironment } from "../../../local/world/services";
import { runCommand } from "../../../local/world/toolchain/command";
import type { EngineWorld } from "../engineWorld";

/**
 * Runs an image of examples/python-browser as a step of a build, under the user that the image names.
 *
 * @param start command in JSON that starts the application
 * @returns receipt number 7, a PDF file
 */
export async function askPrinter({ world, toolchain }: EngineWorld, imageUri: string, start: string): Promise<Buffer> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "printer-"));
    const args = [
        "build",
        `--builder=${world.builder}`,
        "--no-cache",
        `--build-arg=IMAGE=${imageUri}`,
        `--build-arg=START=${start}`,
        `--output=type=local,dest=${folder}`,
        __dirname,
    ];
    try {
        await withEcr(world, (ecr) =>
            withRegistryLogin(ecr, world, (dockerConfig) =>
                runCommand(toolchain.dockerBuildx, args, { env: builderEnvironment({ ...world, dockerConfig }) }),
            ),
        );
        return await fs.readFile(path.join(folder, "receipt.pdf"));
    } finally {
        await fs.rm(folder, { recursive: true });
    }
}
