import type { Repositories } from "./repositories";

/** Layers on a host that runs the images of the last build. */
export class DeployedLayers {
    private last: Set<string> | undefined;

    constructor(private readonly repositories: Pick<Repositories, "layers">) {}

    /**
     * Computes the bytes that the host has to pull for the images of the next build, and takes them as those that it runs.
     *
     * @returns undefined for the first build
     */
    async deploy(references: string[]): Promise<number | undefined> {
        const images = await Promise.all(references.map((reference) => this.repositories.layers(reference)));
        const layers = new Map(images.flatMap((image) => [...image]));
        const { last } = this;
        this.last = new Set(layers.keys());
        if (last === undefined) return undefined;
        return [...layers].reduce((sum, [digest, size]) => (last.has(digest) ? sum : sum + size), 0);
    }
}
