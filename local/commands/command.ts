import { styleText } from "node:util";

/** A fault that has been explained already; printed as it is, without a stack. */
export class Fault extends Error {
    /** @param exitCode what the command exits with */
    constructor(
        message: string,
        readonly exitCode = 1,
    ) {
        super(message);
    }
}

/**
 * Runs a command to its end: exit code 0 unless `main` sets another one, or 1 (or a Fault's own) with the error's own sentence,
 * or 130 after Ctrl-C.
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
        console.error(styleText("red", withAdvice(fault.message)));
        if (process.env.DEBUG) console.error((error as Error).stack);
        process.exitCode = interruption.signal.aborted ? 130 : fault instanceof Fault ? fault.exitCode : 1;
    } finally {
        process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
}

/** What to do about faults whose own words do not say it. */
const advice: [RegExp, string][] = [
    [/no space left on device/i, "The disk is full; free some space and run the command again, it goes on from here."],
    [/stack is currently locked/i, "Another update of this stack is running; wait for its end."],
];

/** Puts what to do before a fault's own words. */
export function withAdvice(message: string): string {
    const [, sentence] = advice.find(([symptom]) => symptom.test(message)) ?? [];
    return sentence === undefined ? message : `${sentence}\n${message}`;
}
