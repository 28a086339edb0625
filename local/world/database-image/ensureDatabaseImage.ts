import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ensureRepository, hasImage, writeRegistryLogin } from "../base-images/registry";
import { builderEnvironment, type World } from "../services";
import type { Report, Toolchain } from "../toolchain";
import { runCommand } from "../toolchain/command";
import { explainFault } from "../toolchain/faults";
import { collectPrograms } from "./programs";

const repositoryName = "base/mysql";

/** Sources of the image besides Debian's packages. */
const sources = ["Dockerfile", "docker-entrypoint.sh", "programs.ts"];

/** Settings of ensureDatabaseImage(). */
export interface DatabaseImageOptions {
    toolchain: Pick<Toolchain, "dockerBuildx" | "busybox">;
    world: World;
    signal?: AbortSignal;
}

/**
 * Makes the image `base/mysql` of the local registry, a MySQL-compatible server, unless it exists.
 *
 * @throws one sentence when it cannot be made or pushed
 */
export async function ensureDatabaseImage(options: DatabaseImageOptions, report: Report): Promise<void> {
    const { endpoint, region, accessKeyId, secretAccessKey } = options.world;
    const ecr = new ECRClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    try {
        const reference = await databaseImageReference(options.world);
        const tag = reference.slice(reference.lastIndexOf(":") + 1);
        if (!(await hasImage(ecr, repositoryName, [tag]))) await push(ecr, reference, options, report);
    } finally {
        ecr.destroy();
    }
}

/** Makes the reference of the image of ensureDatabaseImage(), whether it exists or not. */
export async function databaseImageReference({ registry }: Pick<World, "registry">): Promise<string> {
    return `${registry}/${repositoryName}:${await contentTag()}`;
}

async function contentTag(): Promise<string> {
    const hash = createHash("sha256");
    for (const name of sources) hash.update(await fs.readFile(path.join(__dirname, name)));
    return `sha-${hash.digest("hex").slice(0, 16)}`;
}

async function push(
    ecr: ECRClient,
    reference: string,
    { toolchain, world, signal }: DatabaseImageOptions,
    report: Report,
): Promise<void> {
    const what = "building the database image";
    report(`${what} …`);
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "database-image-"));
    try {
        const [binaries, programs] = [path.join(folder, "binaries"), path.join(folder, "programs")];
        await fs.mkdir(binaries);
        await fs.copyFile(toolchain.busybox, path.join(binaries, "busybox"));
        await fs.chmod(path.join(binaries, "busybox"), 0o755);
        await collectPrograms(programs, report, signal);
        await writeRegistryLogin(ecr, world.registry, folder);
        await ensureRepository(ecr, repositoryName);
        const args = [
            "build",
            ...["--builder", world.builder],
            ...["--build-context", `binaries=${binaries}`],
            ...["--build-context", `programs=${programs}`],
            "--provenance=false",
            ...["--progress", "plain"],
            ...["--output", `type=image,name=${reference},push=true,oci-mediatypes=true,rewrite-timestamp=true`],
            __dirname,
        ];
        const env = { ...builderEnvironment({ ...world, dockerConfig: folder }), SOURCE_DATE_EPOCH: "0" };
        await runCommand(toolchain.dockerBuildx, args, { env, signal });
    } catch (error) {
        throw explainFault(what, error);
    } finally {
        await fs.rm(folder, { recursive: true, force: true });
    }
}
