import { emulatorHost, type Upstream } from "../http/upstream";

/**
 * Blobs of each repository. The emulator keeps the blobs of a deleted repository (ministack ecr.py, _delete_repository leaves _layer_blobs
 * alone) and serves them again from a new one of its name. The gateway removes them once the new repository exists, since the emulator
 * removes blobs from existing repositories only. Blobs that were pushed before a restart of the gateway stay.
 */
export class RepositoryBlobs {
    private readonly digests = new Map<string, Set<string>>();

    /** Records a blob that was pushed or mounted. */
    add(repository: string, digest: string): void {
        const known = this.digests.get(repository) ?? new Set();
        this.digests.set(repository, known.add(digest));
    }

    /** Empties a repository that was just created. @throws UpstreamError when the emulator cannot be reached */
    async removeEarlier(repository: string, upstream: Upstream): Promise<void> {
        for (const digest of this.digests.get(repository) ?? []) {
            const path = `/v2/${repository}/blobs/${digest}`;
            const answer = await upstream.send({ method: "DELETE", path, headers: ["Host", emulatorHost] });
            answer.resume();
        }
        this.digests.delete(repository);
    }
}
