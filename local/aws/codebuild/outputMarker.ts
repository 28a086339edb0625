/** Separates the output of one command from that of the next: looks for a marker and passes on what is around it. */
export class OutputMarker {
    private held = Buffer.alloc(0);

    /** @param marker bytes that commands do not write */
    constructor(private readonly marker: Buffer) {}

    /**
     * Takes the next part of the output. What may be the beginning of the marker is held back.
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

    /** What is held back when no more output comes. */
    rest(): Buffer {
        const rest = this.held;
        this.held = Buffer.alloc(0);
        return rest;
    }

    /** How many bytes at the end of the data are the beginning of the marker. */
    private beginningAtEnd(data: Buffer): number {
        for (let length = Math.min(this.marker.length - 1, data.length); length > 0; length--) {
            if (data.subarray(data.length - length).equals(this.marker.subarray(0, length))) return length;
        }
        return 0;
    }
}
