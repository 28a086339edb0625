/** Body bytes, as the client sees them: `down` was received, `up` was sent. */
export interface Bytes {
    /** Bytes sent to clients. */
    down: number;
    /** Bytes received from clients. */
    up: number;
}

/** Body bytes of all authenticated registry requests, and of S3, since the start; two readings can be subtracted. */
export interface TrafficReading {
    /** Bytes over all tokens and repositories. */
    total: Bytes;
    /** Number of layers that clients downloaded, over all tokens and repositories. */
    layers: number;
    /** Bytes of S3 objects and of S3's other answers. */
    objects: Bytes;
    /** Bytes by token id, then by repository name. */
    tokens: Record<string, { repositories: Record<string, Bytes> }>;
}

/** Counter of the traffic of the registry and of S3. */
export class Traffic {
    private readonly sums: TrafficReading = {
        total: { down: 0, up: 0 },
        layers: 0,
        objects: { down: 0, up: 0 },
        tokens: {},
    };

    /**
     * Counts one request.
     *
     * @param token id of the token used
     * @param repository name of the repository
     */
    add(token: string, repository: string, bytes: Bytes): void {
        const repositories = (this.sums.tokens[token] ??= { repositories: {} }).repositories;
        for (const sum of [this.sums.total, (repositories[repository] ??= { down: 0, up: 0 })]) {
            sum.down += bytes.down;
            sum.up += bytes.up;
        }
    }

    /** Counts one download of a layer. */
    addLayer(): void {
        this.sums.layers += 1;
    }

    /** Counts one request to S3. */
    addObject(bytes: Bytes): void {
        this.sums.objects.down += bytes.down;
        this.sums.objects.up += bytes.up;
    }

    /** Returns the sums so far. */
    reading(): TrafficReading {
        return structuredClone(this.sums);
    }
}
