/** Filter that separates the output of one command from the next: it finds a marker and passes on the output around it. */
export class OutputMarker {
    private held = Buffer.alloc(0);

    /** @param marker bytes that commands do not write */
    constructor(private readonly marker: Buffer) {}

    /**
     * Takes the next part of the output. A possible beginning of the marker is held back.
     *
     * @returns output without the marker, and whether the marker was seen
     */
    take(chunk: Buffer): { output: Buffer; seen: boolean } {
        const data = Buffer.concat([this.held, chunk]);
        const at = data.indexOf(this.marker);
        if (at >= 0) {
            const after = data.subarray(at + this.marker.length);
            this.held = Buffer.alloc(0);
            return { output: Buffer.concat([data.subarray(0, at), after]), seen: true };
        }
        const kept = this.beginningAtEnd(data);
        this.held = data.subarray(data.length - kept);
        return { output: data.subarray(0, data.length - kept), seen: false };
    }

    /** Returns the held-back bytes at the end of the output. */
    rest(): Buffer {
        const rest = this.held;
        this.held = Buffer.alloc(0);
        return rest;
    }

    /** Counts the bytes at the end of the data that begin the marker. */
    private beginningAtEnd(data: Buffer): number {
        for (let length = Math.min(this.marker.length - 1, data.length); length > 0; length--) {
            if (data.subarray(data.length - length).equals(this.marker.subarray(0, length))) return length;
        }
        return 0;
    }
}
