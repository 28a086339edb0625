/** Key prefix of the proofs in the cache bucket. */
export const proofsPrefix = "built";

/**
 * Names the proof in the cache bucket: an object whose text, a digest, says which image this project built of a content. A content tag in a
 * registry proves less: everybody who may push to a repository may move its tags (docs/decisions/125).
 *
 * @param tag `src-<hash>` of an image, followed by the architecture for one of its platforms, `deps-<hash>` of a pinned stage, and
 * `deps-last-…` of the latest one of its recipe
 */
export function proofKey(repositoryName: string, tag: string): string {
    return `${proofsPrefix}/${repositoryName}/${tag}`;
}
