import {
    BatchGetImageCommand,
    type BatchGetImageCommandOutput,
    CreateRepositoryCommand,
    DeleteRepositoryCommand,
    type ECRClient,
} from "@aws-sdk/client-ecr";
import { isThere } from "../../infra/buildTools/foundImage";
import { repositoryNameOf, tagOf } from "../../infra/buildTools/lookup";

/** Used part of an image's manifest; an index has no layers. */
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

    /** Removes a repository with its content. */
    async remove(repositoryName: string): Promise<void> {
        await this.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    }

    /** Finds the existing images among some. @param references host, name and tag, of one repository */
    async existing(references: string[]): Promise<Set<string>> {
        if (references.length === 0) return new Set();
        const answer = await this.images(references);
        return new Set(references.filter((reference) => isThere(answer, tagOf(reference))));
    }

    /**
     * Reads the sizes of an image's layers in bytes, compressed, by digest.
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
        const { images = [] } = await this.images([reference]);
        return images[0] && (JSON.parse(images[0].imageManifest!) as Manifest);
    }

    private images(references: string[]): Promise<BatchGetImageCommandOutput> {
        const [repositoryUrl] = references.map((reference) => reference.slice(0, reference.lastIndexOf(":")));
        const repositoryName = repositoryNameOf(repositoryUrl!);
        const imageIds = [...new Set(references.map(tagOf))].map((imageTag) => ({ imageTag }));
        return this.ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    }
}
