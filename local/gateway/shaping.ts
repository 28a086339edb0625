import { Transform, type TransformCallback } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

/** Limits of the simulated line between clients and the registry. A limit that is left out does not apply. */
export interface LinkLimits {
    /** Added to every registry request, in milliseconds. @default 0 */
    latencyMilliseconds?: number;
    /** Shared by all downloads. @default unlimited */
    bytesPerSecondDown?: number;
    /** Shared by all uploads. @default unlimited */
    bytesPerSecondUp?: number;
}

/** Way of the bytes as the client sees it. */
export type Direction = "down" | "up";

const limitNames = ["latencyMilliseconds", "bytesPerSecondDown", "bytesPerSecondUp"] as const;

/**
 * Checks limits that came as JSON.
 *
 * @throws Error naming the field that is unknown or not a positive number
 */
export function parseLimits(value: unknown): LinkLimits {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error(`The limits must be a JSON object with any of ${limitNames.join(", ")}.`);
    }
    for (const [name, limit] of Object.entries(value)) {
        if (!limitNames.some((known) => known === name)) {
            throw new Error(`"${name}" is not a limit; the limits are ${limitNames.join(", ")}.`);
        }
        if (typeof limit !== "number" || !(limit > 0)) {
            throw new Error(`${name} is ${JSON.stringify(limit)}; it must be a number above 0.`);
        }
    }
    return value;
}

/** The simulated line. All streams of a direction share its bandwidth. */
export class Link {
    /** The limits in force; {} for none. */
    limits: LinkLimits = {};
    private readonly freeAt: Record<Direction, number> = { down: 0, up: 0 };

    /** Resolves after the latency of the line. */
    async latency(): Promise<void> {
        if (this.limits.latencyMilliseconds) await delay(this.limits.latencyMilliseconds);
    }

    /** Takes the line for some bytes; gives the milliseconds until they have passed. */
    take(direction: Direction, bytes: number): number {
        const rate = direction === "down" ? this.limits.bytesPerSecondDown : this.limits.bytesPerSecondUp;
        if (rate === undefined) return 0;
        const now = performance.now();
        this.freeAt[direction] = Math.max(now, this.freeAt[direction]) + (bytes / rate) * 1000;
        return this.freeAt[direction] - now;
    }
}

/** Passes bytes on at the speed of the line and counts them. */
export class MeteredStream extends Transform {
    /** Bytes that went through so far. */
    bytes = 0;

    /** @param beforeEnd called once after the last byte and before the end is passed on */
    constructor(
        private readonly link: Link,
        private readonly direction: Direction,
        private readonly beforeEnd: () => void = () => undefined,
    ) {
        super();
    }

    override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
        this.bytes += chunk.length;
        const wait = this.link.take(this.direction, chunk.length);
        if (wait === 0) callback(null, chunk);
        else setTimeout(callback, wait, null, chunk);
    }

    override _flush(callback: TransformCallback): void {
        this.beforeEnd();
        callback();
    }
}
