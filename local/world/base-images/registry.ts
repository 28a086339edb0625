import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import {
    CreateRepositoryCommand,
    DescribeImagesCommand,
    ECRClient,
    GetAuthorizationTokenCommand,
    ImageNotFoundException,
    RepositoryAlreadyExistsException,
    RepositoryNotFoundException,
} from "@aws-sdk/client-ecr";
import { administratorSettings, type World } from "../services";

/** Addresses and credentials of ECR and of its registry. */
export type RegistryAccess = Pick<World, "endpoint" | "registry" | "region" | "accessKeyId" | "secretAccessKey">;

/** Runs an action with a client of ECR's API. */
export async function withEcr<T>(world: RegistryAccess, action: (ecr: ECRClient) => Promise<T>): Promise<T> {
    const ecr = new ECRClient(administratorSettings(world));
    return action(ecr).finally(() => ecr.destroy());
}

/**
 * Runs an action with a folder of Docker's configuration, DOCKER_CONFIG, that holds a login. The folder is removed afterwards, so that no
 * later build uses the login by accident.
 */
export async function withRegistryLogin<T>(
    ecr: ECRClient,
    { registry }: Pick<RegistryAccess, "registry">,
    action: (dockerConfig: string) => Promise<T>,
): Promise<T> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "registry-login-"));
    try {
        await writeRegistryLogin(ecr, registry, folder);
        return await action(folder);
    } finally {
        await fs.rm(folder, { recursive: true, force: true });
    }
}

/**
 * Tells whether the repository has one image with all of the tags.
 *
 * @param tags tags that the image must all have
 */
export async function hasImage(ecr: ECRClient, repositoryName: string, tags: string[]): Promise<boolean> {
    const imageIds = tags.slice(0, 1).map((imageTag) => ({ imageTag }));
    try {
        const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }));
        return imageDetails.some(({ imageTags = [] }) => tags.every((tag) => imageTags.includes(tag)));
    } catch (error) {
        if (error instanceof ImageNotFoundException || error instanceof RepositoryNotFoundException) return false;
        throw error;
    }
}

/** Creates an ECR repository unless there is one of that name. */
export async function ensureRepository(ecr: ECRClient, repositoryName: string): Promise<void> {
    try {
        await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    } catch (error) {
        if (!(error instanceof RepositoryAlreadyExistsException)) throw error;
    }
}

/**
 * Writes a Docker configuration with a registry token of ECR, readable by the owner alone.
 *
 * @param registry host and port of the registry
 * @param dockerConfig folder for config.json
 */
export async function writeRegistryLogin(ecr: ECRClient, registry: string, dockerConfig: string): Promise<void> {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    const token = authorizationData?.[0]?.authorizationToken;
    if (token === undefined) throw new Error("ECR's GetAuthorizationToken gave no token; check the services' logs.");
    const content = JSON.stringify({ auths: { [registry]: { auth: token } } });
    await fs.writeFile(path.join(dockerConfig, "config.json"), content, { mode: 0o600 });
}
