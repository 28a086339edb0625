import { styleText } from "node:util";

/** Fault with a complete explanation, printed without a stack. */
export class Fault extends Error {
    /** @param exitCode exit code of the command */
    constructor(
        message: string,
        readonly exitCode = 1,
    ) {
        super(message);
    }
}

/**
 * Runs a command to its end. The exit code is 0 unless `main` sets another one, 1 (or a Fault's own) after an error, and 130 after Ctrl-C.
 * A command whose output nobody reads any more (`npm start 2>&1 | head`) ends as with Ctrl-C.
 *
 * @param main function that gets a signal, which aborts with Ctrl-C or SIGTERM; it has to clean up and throw
 */
export async function runCommandLine(main: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const interruption = new AbortController();
    const interrupt = () => interruption.abort(new Fault("Interrupted; what this run had started is stopped."));
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    // During an update Pulumi's SDK prints each exception that nobody handles, so one of a failed print would cause the next one.
    const outputLost = ({ message }: Error) =>
        interruption.abort(
            new Fault(`The output cannot be written (${message}); what this run had started is stopped.`),
        );
    for (const stream of [process.stdout, process.stderr]) stream.on("error", outputLost);
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

/** Remedies of faults whose messages name none. */
const advice: [RegExp, string][] = [
    [/no space left on device/i, "The disk is full; free some space and run the command again, it goes on from here."],
    [/stack is currently locked/i, "Another update of this stack is running; wait for its end."],
];

/** Puts the remedy before a fault's message. */
export function withAdvice(message: string): string {
    const [, sentence] = advice.find(([symptom]) => symptom.test(message)) ?? [];
    return sentence === undefined ? message : `${sentence}\n${message}`;
}
