import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { projectRoot } from "../../paths";
import { type BaseImageReference, buildkitStandIn, readBaseImages } from "./baseImageReferences";
import { buildBaseImage } from "./buildBaseImage";
import { type BaseImageSources, contentTag } from "./contentTag";
import { ensureRepository, hasImage, writeRegistryLogin } from "./registry";

/** Prefix of the base images' repositories. */
const repositoryPrefix = "base";

/** Makes the settings of a stack that lead to these images. @param registry host and port of the local registry */
export function imageSettings(registry: string): { baseRegistry: string; buildkitImage: string } {
    const baseRegistry = `${registry}/${repositoryPrefix}`;
    return { baseRegistry, buildkitImage: `${baseRegistry}/${buildkitStandIn.repository}:${buildkitStandIn.tag}` };
}

/** Addresses and credentials of the local registry, ECR's API and the builder. */
export interface RegistryAccess {
    /** URL of the AWS APIs. */
    endpoint: string;
    /** Host and port of the registry. */
    registry: string;
    /** AWS region. */
    region: string;
    /** Access key of a principal that may create repositories and push. */
    accessKeyId: string;
    /** Secret of the access key. */
    secretAccessKey: string;
    /** Name of the buildx builder. */
    builder: string;
    /** Folder that knows the builder, BUILDX_CONFIG. */
    buildxConfig: string;
}

/** Settings of ensureBaseImages(). */
export interface BaseImageOptions {
    /** Executable of docker-buildx, and the sources of the images. */
    toolchain: BaseImageSources & { dockerBuildx: string };
    /** Addresses of the running services. */
    world: RegistryAccess;
    /**
     * Dockerfile of the application, which names its base images.
     *
     * @default app/Dockerfile
     */
    dockerfile?: string;
    /** Signal that interrupts a build. */
    signal?: AbortSignal;
}

/** Base image with the names that it needs in the registry. */
interface WantedImage {
    image: BaseImageReference;
    repositoryName: string;
    /** Tags of the image: the content tag, then the tag of the Dockerfile. */
    tags: string[];
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
    const { endpoint, region, accessKeyId, secretAccessKey } = world;
    const references = [...readBaseImages(await readDockerfile(dockerfile)), buildkitStandIn];
    const ecr = new ECRClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    try {
        const wanted = await Promise.all(references.map((image) => toWanted(image, toolchain)));
        const present = await Promise.all(wanted.map((one) => hasImage(ecr, one.repositoryName, one.tags)));
        const missing = wanted.filter((_, index) => !present[index]);
        if (missing.length > 0) await pushAll(ecr, missing, options, report);
    } finally {
        ecr.destroy();
    }
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

async function toWanted(image: BaseImageReference, sources: BaseImageSources): Promise<WantedImage> {
    const tags = [await contentTag(image.repository, sources), image.tag];
    return { image, repositoryName: `${repositoryPrefix}/${image.repository}`, tags };
}

/** Pushes images. The registry's token is kept in a folder of its own, so that no later build uses it by accident. */
async function pushAll(
    ecr: ECRClient,
    images: WantedImage[],
    { toolchain, world, signal }: BaseImageOptions,
    report: (message: string) => void,
): Promise<void> {
    const dockerConfig = await fs.mkdtemp(path.join(os.tmpdir(), "base-images-"));
    try {
        const binaries = path.join(dockerConfig, "binaries");
        await fs.mkdir(binaries);
        await fs.copyFile(toolchain.busybox, path.join(binaries, "busybox"));
        await fs.chmod(path.join(binaries, "busybox"), 0o755);
        await writeRegistryLogin(ecr, world.registry, dockerConfig);
        for (const { image, repositoryName, tags } of images) {
            report(`building the base image ${image.repository}:${image.tag} …`);
            await ensureRepository(ecr, repositoryName);
            const names = tags.map((tag) => `${world.registry}/${repositoryName}:${tag}`);
            await buildBaseImage(image, names, { ...toolchain, ...world, dockerConfig, binaries, signal });
        }
    } finally {
        await fs.rm(dockerConfig, { recursive: true, force: true });
    }
}
