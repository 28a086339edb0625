import { createHash } from "node:crypto";

/** Key prefix of the objects that builds may read and only `pulumi up` writes. */
export const buildToolsPrefix = "build-tools";

/**
 * Makes the key of an object in the cache bucket that builds read. The key ends in the content's SHA-256, so a build detects content that
 * `pulumi up` did not put there. A changed content never replaces an object that a queued build names.
 *
 * @param extension extension of the key, with its dot
 */
export function contentKey(content: string, extension: string): string {
    return `${buildToolsPrefix}/${createHash("sha256").update(content).digest("hex").slice(0, 40)}${extension}`;
}
