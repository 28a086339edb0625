import type { CacheMode } from "./cachePolicy";

/** How the layers that a build makes are compressed. */
export const compressions = ["zstd", "gzip"] as const;

/** One of {@link compressions}. */
export type Compression = (typeof compressions)[number];

/**
 * What BuildKit is told of the layers of an image and of a cache. Zstd leaves those of base images as they are, so that the registry
 * mounts them and nobody sends them. Gzip is for those who take nothing else, and a builder or a cache may have layers by zstd from
 * another build: `force-compression` converts these, and reads none that is gzip already.
 *
 * @see https://docs.docker.com/build/exporters/#compression
 */
const attributes: Record<Compression, string> = {
    zstd: "compression=zstd",
    gzip: "compression=gzip,force-compression=true",
};

/**
 * The output of a build that pushes an image, in the notation of `docker buildx build --output`. The media types are always said: OCI's
 * are the only ones that there are for zstd, and a BuildKit before 0.31 has others as its default, with which the same image by gzip
 * has another digest.
 *
 * @see https://github.com/moby/buildkit/releases/tag/v0.31.0
 * @param names references that are pushed, `repository:tag`. Empty where they are given elsewhere
 */
export function imageExport(compression: Compression, names: string[]): string {
    return ["type=image", ...nameField(names), "push=true", attributes[compression], "oci-mediatypes=true"].join(",");
}

/** Several names are one field of a line of comma-separated values. */
function nameField(names: string[]): string[] {
    if (names.length === 0) return [];
    const field = `name=${names.join(",")}`;
    return [names.length > 1 ? `"${field}"` : field];
}

/**
 * A cache that a build writes, in the notation of `docker buildx build --cache-to`. ECR takes it as an image manifest only
 * (aws/containers-roadmap #876), and if it cannot be written that must not fail a build whose image is good.
 *
 * @param ref `repository:tag` of the cache
 */
export function cacheExport(ref: string, mode: CacheMode, compression: Compression): string {
    const options = `image-manifest=true,oci-mediatypes=true,ignore-error=true,${attributes[compression]}`;
    return `type=registry,ref=${ref},mode=${mode},${options}`;
}
