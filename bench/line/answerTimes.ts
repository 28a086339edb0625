import { setTimeout as delay } from "node:timers/promises";
import { answers } from "../../local/world/deployment/requestLoop";
import { waitFor } from "../../local/machine/waitFor";

/** Pause (milliseconds) between two requests, and the time that a new container may take to its first answer. */
const rhythm = { pause: 10, deadline: 30_000 };

/** Client that requests an address again and again. */
export interface AnswerWatch {
    /**
     * Function that waits for a good answer to a request that began after a container had started.
     *
     * @param started in milliseconds since the epoch
     * @returns time of the answer
     * @throws Error when there is none in 30 s
     */
    firstSince: (started: number) => Promise<number>;
    /** Function that ends the requests. */
    end: () => Promise<void>;
}

/** Begins to request an address. */
export function watchAnswers(url: string): AnswerWatch {
    const good: { begun: number; ended: number }[] = [];
    let running = true;
    const loop = (async () => {
        while (running) {
            const begun = Date.now();
            if (await answers(url)) good.push({ begun, ended: Date.now() });
            await delay(rhythm.pause);
        }
    })();
    return {
        firstSince: async (started) => {
            const first = () => Promise.resolve(good.find(({ begun }) => begun >= started));
            const found = await waitFor(first, rhythm.deadline);
            if (found === undefined) throw new Error("The new container answered no request.");
            return found.ended;
        },
        end: () => {
            running = false;
            return loop;
        },
    };
}
