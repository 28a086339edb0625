import type { CacheMode } from "../../image/cachePolicy";
import type { Platform } from "../../image/platform";

/** Arguments of `docker buildx build` that are the same whatever stage is built. @param caches references that are read */
export function buildArguments(buildArgs: Record<string, string>, platform: Platform, caches: string[]): string[] {
    return [
        `--platform=${platform}`,
        ...Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
        ...cacheArguments(caches),
    ];
}

/** Arguments that name caches to read. */
export function cacheArguments(caches: string[]): string[] {
    return caches.map((ref) => `--cache-from=type=registry,ref=${ref}`);
}

/**
 * Arguments that decide what a build leaves behind.
 *
 * @param pushed references of the image that is pushed; none to push nothing
 * @param caches references that are written
 */
export function pushArguments(pushed: string[], caches: string[], mode: CacheMode): string[] {
    return [
        ...caches.map((ref) => cacheExport(ref, mode)),
        // One manifest for one platform: AWS Lambda takes nothing else.
        "--provenance=false",
        pushed.length === 0 ? "--output=type=cacheonly" : `--output=type=image,${nameField(pushed)},push=true`,
    ];
}

/** Several names are one field of a line of comma-separated values. */
function nameField(references: string[]): string {
    const field = `name=${references.join(",")}`;
    return references.length > 1 ? `"${field}"` : field;
}

/** ECR takes a cache as an image manifest only; a cache that cannot be written must not fail a build whose image is good. */
function cacheExport(ref: string, mode: CacheMode): string {
    return `--cache-to=type=registry,ref=${ref},mode=${mode},image-manifest=true,oci-mediatypes=true,ignore-error=true`;
}
