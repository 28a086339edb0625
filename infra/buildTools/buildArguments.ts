import type { CacheMode } from "../plan/cachePolicy";
import type { BuildInput } from "../plan/buildInput";
import { cacheExport, imageExport } from "../plan/compression";
import type { Platform } from "../plan/platform";

/** Lists the arguments of `docker buildx build` that are the same for every stage. @param caches references of caches to read */
export function buildArguments(buildArgs: Record<string, string>, platform: Platform, caches: string[]): string[] {
    return [
        `--platform=${platform}`,
        ...Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
        ...cacheArguments(caches),
    ];
}

/** Lists the arguments that name caches to read. */
export function cacheArguments(caches: string[]): string[] {
    return caches.map((ref) => `--cache-from=type=registry,ref=${ref}`);
}

/**
 * Lists the arguments for a build's output: the pushed image and the written caches.
 *
 * @param pushed references of the image that is pushed; none to push nothing
 * @param caches references that are written
 * @param mode stages that the written caches keep; by default those of the policy
 */
export function pushArguments(
    pushed: string[],
    caches: string[],
    { spec: { compression }, policy: { cacheMode } }: Pick<BuildInput, "spec" | "policy">,
    mode: CacheMode = cacheMode,
): string[] {
    return [
        ...caches.map((ref) => `--cache-to=${cacheExport(ref, mode, compression)}`),
        // One manifest for one platform: AWS Lambda takes nothing else.
        "--provenance=false",
        `--output=${pushed.length === 0 ? "type=cacheonly" : imageExport(compression, pushed)}`,
    ];
}
