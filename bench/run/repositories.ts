import {
    BatchGetImageCommand,
    type BatchGetImageCommandOutput,
    CreateRepositoryCommand,
    DeleteRepositoryCommand,
    type ECRClient,
    type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { isThere } from "../../infra/buildTools/foundImage";
import { repositoryNameOf, tagOf } from "../../infra/buildTools/lookup";
import { nativePlatform } from "../workloads/workload";

/** Used part of the manifest of an image, which has layers, or of an index, which has manifests. */
interface Manifest {
    layers?: { digest: string; size: number }[];
    manifests?: { digest: string; platform: { os: string; architecture: string } }[];
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
        const [first] = references;
        if (first === undefined) return new Set();
        const imageIds = [...new Set(references.map(tagOf))].map((imageTag) => ({ imageTag }));
        const answer = await this.images(first, imageIds);
        return new Set(references.filter((reference) => isThere(answer, tagOf(reference))));
    }

    /**
     * Reads the sizes of an image's layers in bytes, compressed, by digest; of several platforms' images, those of this machine's.
     *
     * @param reference host, name and tag of an image
     * @throws Error where there is no such image
     */
    async layers(reference: string): Promise<Map<string, number>> {
        const { manifests, ...manifest } = await this.manifest(reference, { imageTag: tagOf(reference) });
        const own = manifests?.find(({ platform }) => `${platform.os}/${platform.architecture}` === nativePlatform);
        const image = own === undefined ? manifest : await this.manifest(reference, { imageDigest: own.digest });
        if (image.layers === undefined) throw new Error(`${reference} is no image for ${nativePlatform}.`);
        return new Map(image.layers.map(({ digest, size }) => [digest, size]));
    }

    private async manifest(reference: string, imageId: ImageIdentifier): Promise<Manifest> {
        const { images = [] } = await this.images(reference, [imageId]);
        if (images[0] === undefined) throw new Error(`The registry has no image ${reference}.`);
        return JSON.parse(images[0].imageManifest!) as Manifest;
    }

    private images(reference: string, imageIds: ImageIdentifier[]): Promise<BatchGetImageCommandOutput> {
        const repositoryName = repositoryNameOf(reference.slice(0, reference.lastIndexOf(":")));
        return this.ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    }
}
