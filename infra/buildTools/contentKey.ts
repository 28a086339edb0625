import { createHash } from "node:crypto";

/** Key prefix of what a build may read and nobody but `pulumi up` writes. */
export const buildToolsPrefix = "build-tools";

/**
 * Key of an object of the cache bucket that builds read. It ends in the content's SHA-256, so that a build knows whether the object is
 * what `pulumi up` put there, and another content never takes the place of one that a build in the queue still names.
 *
 * @param extension of the key, with its dot
 */
export function contentKey(content: string, extension: string): string {
    return `${buildToolsPrefix}/${createHash("sha256").update(content).digest("hex").slice(0, 40)}${extension}`;
}
