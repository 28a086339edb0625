import { styleText } from "node:util";

/** A fault that has been explained already; printed as it is, without a stack. */
export class Fault extends Error {}

/**
 * Runs a command to its end: exit code 0, or 1 with the error's own sentence, or 130 after Ctrl-C.
 *
 * @param main gets a signal that aborts with Ctrl-C or SIGTERM and is expected to clean up and throw
 */
export async function runCommandLine(main: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const interruption = new AbortController();
    const interrupt = () => interruption.abort(new Fault("Interrupted; what this run had started is stopped."));
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    try {
        await main(interruption.signal);
    } catch (error) {
        const fault = interruption.signal.aborted ? (interruption.signal.reason as Error) : (error as Error);
        console.error(styleText("red", fault.message));
        if (process.env.DEBUG) console.error((error as Error).stack);
        process.exitCode = interruption.signal.aborted ? 130 : 1;
    } finally {
        process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
}
