import {
    BatchGetImageCommand,
    CreateRepositoryCommand,
    DeleteRepositoryCommand,
    type ECRClient,
} from "@aws-sdk/client-ecr";

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
        const [, repositoryName = "", imageTag = ""] = /^[^/]+\/(.+):([^:]+)$/.exec(reference) ?? [];
        const { images = [] } = await this.ecr.send(
            new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag }] }),
        );
        return images.length > 0;
    }
}
