import { Transform, type TransformCallback } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

/** Limits of the simulated line between clients and what serves them. A limit that is left out does not apply. */
export interface LinkLimits {
    /** Added to every request, in milliseconds. @default 0 */
    latencyMilliseconds?: number;
    /** Shared by all downloads. @default unlimited */
    bytesPerSecondDown?: number;
    /** Shared by all uploads. @default unlimited */
    bytesPerSecondUp?: number;
    /** Of each download. @default unlimited */
    streamBytesPerSecondDown?: number;
    /** Of each upload. @default unlimited */
    streamBytesPerSecondUp?: number;
}

/** Way of the bytes as the client sees it. */
export type Direction = "down" | "up";

const limitNames = [
    "latencyMilliseconds",
    "bytesPerSecondDown",
    "bytesPerSecondUp",
    "streamBytesPerSecondDown",
    "streamBytesPerSecondUp",
] as const;

/** The limit on all streams of a direction, and the one on each of them. */
const directionLimits = {
    down: { shared: "bytesPerSecondDown", stream: "streamBytesPerSecondDown" },
    up: { shared: "bytesPerSecondUp", stream: "streamBytesPerSecondUp" },
} as const;

/**
 * How late (milliseconds) the next bytes may come and still follow the earlier ones without a gap. Timers fire late by about as
 * long as a piece of data takes; if each piece lost that time, the line would be far slower than its limit.
 */
const lateness = 50;

/** Something that passes a limited number of bytes in a second. */
class Lane {
    private freeAt = 0;

    /** Takes the lane for some bytes. @returns the milliseconds until they have passed */
    take(bytes: number, rate: number | undefined, now: number): number {
        if (rate === undefined) return 0;
        const isIdle = this.freeAt < now - lateness;
        this.freeAt = (isIdle ? now : this.freeAt) + (bytes / rate) * 1000;
        return Math.max(0, this.freeAt - now);
    }
}

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

/** The simulated line. All streams of a direction share its bandwidth, and each has at most its own. */
export class Link {
    /** The limits in force; {} for none. */
    limits: LinkLimits = {};
    private readonly shared: Record<Direction, Lane> = { down: new Lane(), up: new Lane() };

    /** @param now milliseconds since any time */
    constructor(private readonly now: () => number = () => performance.now()) {}

    /** Resolves after the latency of the line. */
    async latency(): Promise<void> {
        if (this.limits.latencyMilliseconds) await delay(this.limits.latencyMilliseconds);
    }

    /** A new stream: takes the line for some bytes and gives the milliseconds until they have passed. */
    stream(direction: Direction): (bytes: number) => number {
        const own = new Lane();
        const { shared, stream } = directionLimits[direction];
        return (bytes) => {
            const now = this.now();
            return Math.max(
                this.shared[direction].take(bytes, this.limits[shared], now),
                own.take(bytes, this.limits[stream], now),
            );
        };
    }
}

/** Passes bytes on at the speed of the line and counts them. */
export class MeteredStream extends Transform {
    /** Bytes that went through so far. */
    bytes = 0;
    private readonly occupy: (bytes: number) => number;

    /** @param beforeEnd called once after the last byte and before the end is passed on */
    constructor(
        link: Link,
        direction: Direction,
        private readonly beforeEnd: () => void = () => undefined,
    ) {
        super();
        this.occupy = link.stream(direction);
    }

    override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
        this.bytes += chunk.length;
        const wait = this.occupy(chunk.length);
        if (wait === 0) callback(null, chunk);
        else setTimeout(callback, wait, null, chunk);
    }

    override _flush(callback: TransformCallback): void {
        this.beforeEnd();
        callback();
    }
}
