import type { CacheMode } from "./cachePolicy";

/** Compressions of the layers that a build makes. */
export const Compression = { Zstd: "zstd", Gzip: "gzip" } as const;

/** One of {@link Compression}. */
export type Compression = (typeof Compression)[keyof typeof Compression];

/**
 * Settings of BuildKit for the layers of an image and of a cache. zstd leaves layers of base images unchanged, so the registry mounts them
 * and no build uploads them. gzip is for consumers that accept nothing else. `force-compression` converts zstd layers left by other builds
 * and leaves gzip layers unread.
 *
 * @see https://docs.docker.com/build/exporters/#compression
 */
const attributes: Record<Compression, string> = {
    zstd: "compression=zstd",
    gzip: "compression=gzip,force-compression=true",
};

/**
 * Renders the output of a build that pushes an image, in the notation of `docker buildx build --output`. The media types are always stated.
 * zstd has OCI's only, and BuildKit before 0.31 defaults to others, which give the same gzip image another digest.
 *
 * @see https://github.com/moby/buildkit/releases/tag/v0.31.0
 * @param names references that are pushed, `repository:tag`. Empty where they are given elsewhere
 */
export function imageExport(compression: Compression, names: string[]): string {
    return ["type=image", ...nameField(names), "push=true", attributes[compression], "oci-mediatypes=true"].join(",");
}

/** Renders the names as one field of a line of comma-separated values. */
function nameField(names: string[]): string[] {
    if (names.length === 0) return [];
    const field = `name=${names.join(",")}`;
    return [names.length > 1 ? `"${field}"` : field];
}

/**
 * Renders a cache that a build writes, in the notation of `docker buildx build --cache-to`. ECR takes a cache as an image manifest only
 * (aws/containers-roadmap #876). A failed cache write must not fail a build whose image is good.
 *
 * @param ref `repository:tag` of the cache
 */
export function cacheExport(ref: string, mode: CacheMode, compression: Compression): string {
    const options = `image-manifest=true,oci-mediatypes=true,ignore-error=true,${attributes[compression]}`;
    return `type=registry,ref=${ref},mode=${mode},${options}`;
}
