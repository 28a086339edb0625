import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { ECRClient } from "@aws-sdk/client-ecr";
import { projectRoot } from "../../paths";
import { type BaseImageReference, buildkitStandIn, readBaseImages } from "./baseImageReferences";
import { buildBaseImage } from "./buildBaseImage";
import { type BaseImageSources, contentTag } from "./contentTag";
import type { PushOptions } from "./pushImage";
import { ensureRepository, hasImage, type RegistryAccess, withEcr, withRegistryLogin } from "./registry";

/** Prefix of the base images' repositories. */
const repositoryPrefix = "base";

/** Makes the settings of a stack that lead to these images. @param registry host and port of the local registry */
export function imageSettings(registry: string): { baseRegistry: string; buildkitImage: string } {
    const baseRegistry = `${registry}/${repositoryPrefix}`;
    return { baseRegistry, buildkitImage: `${baseRegistry}/${buildkitStandIn.repository}:${buildkitStandIn.tag}` };
}

/** Settings of ensureBaseImages(). */
export interface BaseImageOptions extends Pick<PushOptions, "signal"> {
    toolchain: BaseImageSources & PushOptions["toolchain"];
    world: RegistryAccess & PushOptions["world"];
    /**
     * Dockerfile of the application, which names its base images.
     *
     * @default app/Dockerfile
     */
    dockerfile?: string;
}

/**
 * Makes the sample application's base images out of this machine's Go and busybox, and the stand-in for BuildKit. Pushes them to the local
 * registry, below `base/`. An image whose content exists already is left alone.
 *
 * @param report function that takes the name of the current build
 * @throws one sentence when an image cannot be made or pushed; the signal's reason when aborted
 */
export async function ensureBaseImages(options: BaseImageOptions, report: (message: string) => void): Promise<void> {
    const { toolchain, world, dockerfile = path.join(projectRoot, "app", "Dockerfile") } = options;
    const references = [...readBaseImages(await readDockerfile(dockerfile)), buildkitStandIn];
    await withEcr(world, async (ecr) => {
        const wanted = await Promise.all(references.map((image) => toWanted(image, toolchain)));
        const present = await Promise.all(wanted.map((one) => hasImage(ecr, one.repositoryName, one.tags)));
        const missing = wanted.filter((_, index) => !present[index]);
        if (missing.length > 0) await pushAll(ecr, missing, options, report);
    });
}

async function readDockerfile(file: string): Promise<string> {
    try {
        return await fs.readFile(file, "utf8");
    } catch (error) {
        const name = path.relative(projectRoot, file);
        const what = `${name}, which names the base images, cannot be read (${(error as Error).message})`;
        throw new Error(`${what}; put it back, for example with \`git checkout -- ${name}\`.`);
    }
}

/** Names the repository of a base image, and its tags: the content tag, then the tag of the Dockerfile. */
async function toWanted(image: BaseImageReference, sources: BaseImageSources) {
    const tags = [await contentTag(image.repository, sources), image.tag];
    return { image, repositoryName: `${repositoryPrefix}/${image.repository}`, tags };
}

async function pushAll(
    ecr: ECRClient,
    images: Awaited<ReturnType<typeof toWanted>>[],
    options: BaseImageOptions,
    report: (message: string) => void,
): Promise<void> {
    const { toolchain, world } = options;
    await withRegistryLogin(ecr, world, async (dockerConfig) => {
        for (const { image, repositoryName, tags } of images) {
            report(`building the base image ${image.repository}:${image.tag} …`);
            await ensureRepository(ecr, repositoryName);
            const names = tags.map((tag) => `${world.registry}/${repositoryName}:${tag}`);
            await buildBaseImage(image, names, toolchain.goRoot, { ...options, dockerConfig });
        }
    });
}
