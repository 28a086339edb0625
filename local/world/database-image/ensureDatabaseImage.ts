import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ECRClient } from "@aws-sdk/client-ecr";
import { pushImage, type PushOptions } from "../base-images/pushImage";
import { ensureRepository, hasImage, withEcr, withRegistryLogin } from "../base-images/registry";
import type { World } from "../services";
import type { Report } from "../toolchain";
import { explainFault } from "../toolchain/faults";
import { collectPrograms } from "./programs";

const repositoryName = "base/mysql";

/** Sources of the image besides Debian's packages. */
const sources = ["Dockerfile", "docker-entrypoint.sh", "programs.ts"];

/** Settings of ensureDatabaseImage(). */
interface DatabaseImageOptions extends Omit<PushOptions, "dockerConfig"> {
    world: World;
}

/**
 * Makes the image `base/mysql` of the local registry, a MySQL-compatible server, unless it exists.
 *
 * @throws one sentence when it cannot be made or pushed
 */
export async function ensureDatabaseImage(options: DatabaseImageOptions, report: Report): Promise<void> {
    await withEcr(options.world, async (ecr) => {
        const reference = await databaseImageReference(options.world);
        const tag = reference.slice(reference.lastIndexOf(":") + 1);
        if (!(await hasImage(ecr, repositoryName, [tag]))) await push(ecr, reference, options, report);
    });
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

async function push(ecr: ECRClient, reference: string, options: DatabaseImageOptions, report: Report): Promise<void> {
    const what = "building the database image";
    report(`${what} …`);
    await withRegistryLogin(ecr, options.world, async (dockerConfig) => {
        const programs = path.join(dockerConfig, "programs");
        await collectPrograms(programs, report, options.signal);
        await ensureRepository(ecr, repositoryName);
        const image = {
            names: [reference],
            output: "push=true,oci-mediatypes=true,rewrite-timestamp=true",
            arguments: ["--build-context", `programs=${programs}`, __dirname],
        };
        await pushImage(image, { ...options, dockerConfig });
    }).catch((error: unknown) => {
        throw explainFault(what, error);
    });
}
