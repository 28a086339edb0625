/** Key prefix of the proofs in the cache bucket. */
export const proofsPrefix = "built";

/**
 * Names the object in the cache bucket that says by its text, a digest, which image this project built of a content. What a registry has
 * under a content tag says less: whoever may push to a repository may move its tags (docs/decisions/125).
 *
 * @param tag `src-<hash>` of an image, with the architecture behind it of one of its platforms, `deps-<hash>` of a pinned stage, and
 * `deps-last-…` of the one that the next is filled from
 */
export function proofKey(repositoryName: string, tag: string): string {
    return `${proofsPrefix}/${repositoryName}/${tag}`;
}
