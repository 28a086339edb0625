import { Transform, type TransformCallback } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

const error = ({ path, input }: { path?: PropertyKey[]; input?: unknown }) =>
    `${path?.join(".")} is ${JSON.stringify(input)}; it must be a number above 0.`;
const limit = z.number({ error }).positive({ error }).optional();

const limits = {
    /** Latency of every request, in milliseconds. @default 0 */
    latencyMilliseconds: limit,
    /** Bandwidth that all downloads share. @default unlimited */
    bytesPerSecondDown: limit,
    /** Bandwidth that all uploads share. @default unlimited */
    bytesPerSecondUp: limit,
    /** Bandwidth of each download. @default unlimited */
    streamBytesPerSecondDown: limit,
    /** Bandwidth of each upload. @default unlimited */
    streamBytesPerSecondUp: limit,
};

const names = Object.keys(limits).join(", ");

const limitsSchema = z.strictObject(limits, {
    error: (issue) =>
        issue.code === "unrecognized_keys"
            ? `"${issue.keys[0]}" is not a limit; the limits are ${names}.`
            : `The limits must be a JSON object with any of ${names}.`,
});

/** Limits of the simulated line between clients and their servers. A missing limit does not apply. */
export type LinkLimits = z.infer<typeof limitsSchema>;

/** Direction of the bytes as the client sees it. */
export type Direction = "down" | "up";

/** Limits of a direction: the one on all its streams, and the one on each stream. */
const directionLimits = {
    down: { shared: "bytesPerSecondDown", stream: "streamBytesPerSecondDown" },
    up: { shared: "bytesPerSecondUp", stream: "streamBytesPerSecondUp" },
} as const;

/**
 * Delay (milliseconds) that the next bytes may have and still follow the earlier ones without a gap. Timers fire late by about the duration
 * of one piece of data. If each piece lost that time, the line would be far slower than its limit.
 */
const lateness = 50;

/** Lane that passes a limited number of bytes in a second. */
class Lane {
    private freeAt = 0;

    /** Reserves the lane for some bytes. @returns the milliseconds until they have passed */
    take(bytes: number, rate: number | undefined, now: number): number {
        if (rate === undefined) return 0;
        const isIdle = this.freeAt < now - lateness;
        this.freeAt = (isIdle ? now : this.freeAt) + (bytes / rate) * 1000;
        return Math.max(0, this.freeAt - now);
    }
}

/**
 * Checks limits given as JSON.
 *
 * @throws Error naming the field that is unknown or not a positive number
 */
export function parseLimits(value: unknown): LinkLimits {
    const { data, error } = limitsSchema.safeParse(value);
    if (error !== undefined) throw new Error(error.issues[0]?.message);
    return data;
}

/** Simulated line. All streams of a direction share its bandwidth, and each has at most its own. */
export class Link {
    /** Limits in force; {} for none. */
    limits: LinkLimits = {};
    private readonly shared: Record<Direction, Lane> = { down: new Lane(), up: new Lane() };

    /** @param now function that returns milliseconds since any time */
    constructor(private readonly now: () => number = () => performance.now()) {}

    /** Waits for the latency of the line. */
    async latency(): Promise<void> {
        if (this.limits.latencyMilliseconds) await delay(this.limits.latencyMilliseconds);
    }

    /** Opens a stream: the returned function reserves the line for some bytes and returns the milliseconds until they have passed. */
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

/** Stream that passes bytes on at the speed of the line and counts them. */
export class MeteredStream extends Transform {
    /** Number of bytes so far. */
    bytes = 0;
    private readonly occupy: (bytes: number) => number;

    /** @param beforeEnd function called once after the last byte, before the end is passed on */
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
