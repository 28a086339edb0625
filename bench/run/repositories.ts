import {
    BatchGetImageCommand,
    CreateRepositoryCommand,
    DeleteRepositoryCommand,
    type ECRClient,
} from "@aws-sdk/client-ecr";

/** The part in use of an image's manifest; an index has no layers. */
interface Manifest {
    layers?: { digest: string; size: number }[];
}

/** Repositories of the local registry. */
export class Repositories {
    /** @param registry host and port of the registry */
    constructor(
        private readonly ecr: ECRClient,
        private readonly registry: string,
    ) {}

    /** Creates a repository. @returns its address: host and name */
    async create(repositoryName: string): Promise<string> {
        await this.ecr.send(new CreateRepositoryCommand({ repositoryName }));
        return `${this.registry}/${repositoryName}`;
    }

    /** Removes a repository with all that it holds. */
    async remove(repositoryName: string): Promise<void> {
        await this.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    }

    /** Whether an image exists. @param reference host, name and tag */
    async hasImage(reference: string): Promise<boolean> {
        return (await this.manifest(reference)) !== undefined;
    }

    /**
     * Sizes of an image's layers in bytes, compressed, by digest.
     *
     * @param reference host, name and tag of an image for one platform
     * @throws Error where there is no such image
     */
    async layers(reference: string): Promise<Map<string, number>> {
        const manifest = await this.manifest(reference);
        if (manifest?.layers === undefined) throw new Error(`${reference} is no image for one platform.`);
        return new Map(manifest.layers.map(({ digest, size }) => [digest, size]));
    }

    private async manifest(reference: string): Promise<Manifest | undefined> {
        const [, repositoryName = "", imageTag = ""] = /^[^/]+\/(.+):([^:]+)$/.exec(reference) ?? [];
        const { images = [] } = await this.ecr.send(
            new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag }] }),
        );
        return images[0] && (JSON.parse(images[0].imageManifest!) as Manifest);
    }
}
