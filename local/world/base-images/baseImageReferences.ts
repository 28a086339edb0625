/** Base image as an application's Dockerfile names it, below the registry of its BASE_REGISTRY argument. */
export interface BaseImageReference {
    /** Name below BASE_REGISTRY; also the stage of this folder's Dockerfile that makes it. */
    repository: BaseImageRepository;
    /** Tag of the official image that the base image stands in for, such as `1.26-alpine`. */
    tag: string;
}

/** Images that can be made here for Dockerfiles. */
export const baseImageRepositories = ["golang", "busybox"] as const;

/** Name of an image that can be made here. */
export type BaseImageRepository = (typeof baseImageRepositories)[number] | "buildkit";

/** Stand-in for the image of BuildKit that `up` copies for CodeBuild's build hosts; the offline world never starts it. */
export const buildkitStandIn: BaseImageReference = { repository: "buildkit", tag: "stand-in" };

const fromBaseRegistry = /^FROM\s+(?:--platform=\S+\s+)?\$\{?BASE_REGISTRY\}?\/([^\s:@]+)(?::([^\s@]+))?(\S*)/gim;

/**
 * Lists the images that a Dockerfile takes from `${BASE_REGISTRY}/`, each once, in the order of its FROM lines.
 *
 * @param dockerfile text of the Dockerfile
 * @throws Error when there is none, or when one has no tag or cannot be made here
 */
export function readBaseImages(dockerfile: string): BaseImageReference[] {
    const found = new Map<string, BaseImageReference>();
    for (const [, name = "", tag, rest] of dockerfile.matchAll(fromBaseRegistry)) {
        const reference = toReference(name, tag, rest);
        found.set(`${reference.repository}:${reference.tag}`, reference);
    }
    if (found.size === 0) {
        throw new Error("The Dockerfile takes no image from ${BASE_REGISTRY}/; write its FROM lines with that prefix.");
    }
    return [...found.values()];
}

function toReference(name: string, tag: string | undefined, rest: string | undefined): BaseImageReference {
    const repository = baseImageRepositories.find((known) => known === name);
    if (repository === undefined) {
        const allowed = baseImageRepositories.join(", ");
        throw new Error(`The base image ${name} of the Dockerfile cannot be made offline; allowed: ${allowed}.`);
    }
    if (tag === undefined || rest !== "") {
        throw new Error(
            `The base image ${name} of the Dockerfile must be named with a tag alone, such as ${name}:1.2.`,
        );
    }
    return { repository, tag };
}
