import { setTimeout as delay } from "node:timers/promises";
import { answers } from "../../local/deployment/requestLoop";

/** Pause (milliseconds) between two requests. */
const pause = 10;

/** A request that was answered well: when it began and ended, in milliseconds since the epoch. */
export interface GoodAnswer {
    begun: number;
    ended: number;
}

/** Requests an address again and again. @returns a function that ends it and gives the good answers, in order */
export function watchAnswers(url: string): () => Promise<GoodAnswer[]> {
    const good: GoodAnswer[] = [];
    let running = true;
    const loop = (async () => {
        while (running) {
            const begun = Date.now();
            if (await answers(url)) good.push({ begun, ended: Date.now() });
            await delay(pause);
        }
    })();
    return async () => {
        running = false;
        await loop;
        return good;
    };
}

/** When a container that started at a time first answered. @throws Error when it has not */
export function firstAnswerSince(good: GoodAnswer[], started: number): number {
    const first = good.find(({ begun }) => begun >= started);
    if (first === undefined) throw new Error("The new container answered no request.");
    return first.ended;
}
