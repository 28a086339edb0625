import type { BuildRecord } from "./buildRecord";
import type { BuildStore } from "./buildStore";
import type { EndStatus } from "./phases";

/** Reason of a build's early end, which becomes the context of the current phase. */
export class BuildEnded extends Error {
    constructor(
        readonly status: Extract<EndStatus, "TIMED_OUT" | "STOPPED">,
        readonly statusCode: string,
        message: string,
    ) {
        super(message);
    }
}

/** Interval (milliseconds) between looks for a request to stop the build. */
const stopInterval = 250;

/**
 * Makes a signal that ends a build: at its time limit, when the API is asked to stop it, or when the caller's signal aborts.
 *
 * @returns the signal, and a function that clears its timers
 */
export function endSignal({ build, store, signal }: { build: BuildRecord; store: BuildStore; signal: AbortSignal }) {
    const controller = new AbortController();
    const stop = () => controller.abort(new BuildEnded("STOPPED", "BUILD_STOPPED", "Build was stopped."));
    const timeOut = () => controller.abort(new BuildEnded("TIMED_OUT", "BUILD_TIMED_OUT", "Build has timed out."));
    const timer = setTimeout(timeOut, (build.timeoutInMinutes ?? 60) * 60_000);
    const poll = setInterval(() => {
        if (store.stopRequested(build.id)) stop();
    }, stopInterval);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    return {
        signal: controller.signal,
        release: () => {
            clearTimeout(timer);
            clearInterval(poll);
            signal.removeEventListener("abort", stop);
        },
    };
}
