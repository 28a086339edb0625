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

/** The settings of a stack that lead to what is made here. @param registry host and port of the local registry */
export function imageSettings(registry: string): { baseRegistry: string; buildkitImage: string } {
    const baseRegistry = `${registry}/${repositoryPrefix}`;
    return { baseRegistry, buildkitImage: `${baseRegistry}/${buildkitStandIn.repository}:${buildkitStandIn.tag}` };
}

/** How to reach the local registry, ECR's API and the builder. */
export interface RegistryAccess {
    /** URL of the AWS APIs. */
    endpoint: string;
    /** Host and port of the registry. */
    registry: string;
    /** AWS region. */
    region: string;
    /** Access key of a principal that may create repositories and push. */
    accessKeyId: string;
    /** Its secret. */
    secretAccessKey: string;
    /** Name of the buildx builder. */
    builder: string;
    /** BUILDX_CONFIG: the folder that knows the builder. */
    buildxConfig: string;
}

/** What ensureBaseImages() works with. */
export interface BaseImageOptions {
    /** docker-buildx's executable, and what the images are made from. */
    toolchain: BaseImageSources & { dockerBuildx: string };
    /** The running services. */
    world: RegistryAccess;
    /**
     * The application's Dockerfile, which says what base images it starts from.
     *
     * @default app/Dockerfile
     */
    dockerfile?: string;
    /** Interrupts a build when aborted. */
    signal?: AbortSignal;
}

/** A base image with the names it has to have in the registry. */
interface WantedImage {
    image: BaseImageReference;
    repositoryName: string;
    /** The content tag, then the tag of the Dockerfile. */
    tags: string[];
}

/**
 * Makes the base images that the sample application starts from out of this machine's Go and busybox, and the one that stands in for
 * BuildKit, and pushes them to the local registry, below `base/`. An image whose content is there already is left alone.
 *
 * @param report told what is being built
 * @throws one sentence when an image cannot be made or pushed; the signal's reason when aborted
 */
export async function ensureBaseImages(options: BaseImageOptions, report: (message: string) => void): Promise<void> {
    const { toolchain, world, dockerfile = path.join(projectRoot, "app", "Dockerfile") } = options;
    const { endpoint, region, accessKeyId, secretAccessKey } = world;
    const references = [...readBaseImages(await fs.readFile(dockerfile, "utf8")), buildkitStandIn];
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

async function toWanted(image: BaseImageReference, sources: BaseImageSources): Promise<WantedImage> {
    const tags = [await contentTag(image.repository, sources), image.tag];
    return { image, repositoryName: `${repositoryPrefix}/${image.repository}`, tags };
}

/** The registry's token lives in a folder of its own, so that no later build can lean on it by accident. */
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
