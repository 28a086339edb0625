import { Listr, type ListrTask } from "listr2";
import type { Report } from "../world/toolchain";
import { type Settled, settled } from "../world/toolchain/parallel";

/** Promises that a step waits for, by names that it chooses. */
type Needs = Record<string, Promise<unknown>>;

/** Functions that a step's work may use. */
export interface StepControl {
    /** Function that takes the current activity, one line each. */
    report: Report;
    /** Signal that aborts when another step fails, or the person interrupts. */
    signal: AbortSignal;
    /** Function that shows the step as skipped, with a reason. */
    skip: (reason: string) => void;
}

/** Steps that run side by side, each as soon as its inputs are ready. */
export class Steps {
    private readonly tasks: ListrTask[] = [];
    private readonly results: Promise<unknown>[] = [];
    private readonly failure = new AbortController();
    private failed: { title: string; error: unknown } | undefined;
    /** Duration of each ended step, by its title, without the time that it waited for others. */
    readonly seconds: Record<string, number> = {};
    /** Signal that aborts when a step fails, or the person interrupts. */
    readonly signal: AbortSignal;

    /** @param signal signal that aborts all steps */
    constructor(signal: AbortSignal) {
        this.signal = AbortSignal.any([signal, this.failure.signal]);
    }

    /**
     * Adds a step, which begins as soon as its inputs are ready. Its failure aborts the others.
     *
     * @returns its result; nobody has to handle a rejection
     */
    add<N extends Needs, T>(
        title: string,
        needs: N,
        work: (given: Settled<N>, step: StepControl) => Promise<T>,
    ): Promise<T> {
        const shown: { line: Report; skip?: string } = { line: () => undefined };
        const control: StepControl = {
            report: (line) => shown.line(line),
            signal: this.signal,
            skip: (reason) => (shown.skip = reason),
        };
        const result = this.begin(title, needs, (given: Settled<N>) => work(given, control));
        result.catch(() => undefined);
        this.results.push(result);
        // Without a terminal there is a line for each step that ends, and none for those that wait.
        const isTerminal = process.stdout.isTTY;
        this.tasks.push({
            title: isTerminal ? title : undefined,
            task: async (_, task) => {
                shown.line = (line) => (task.output = isTerminal ? line : `${title}: ${line}`);
                const error = await result.then(
                    () => undefined,
                    (reason: unknown) => ({ reason }),
                );
                task.title = title;
                if (error !== undefined && this.failed?.title === title) throw error.reason;
                if (error !== undefined) task.skip("not done");
                else if (shown.skip !== undefined) task.skip(shown.skip);
                else task.title = `${title} [${this.seconds[title]?.toFixed(1)} s]`;
            },
        });
        return result;
    }

    /**
     * Shows the steps until all have ended.
     *
     * @throws the first failure
     */
    async run(): Promise<void> {
        await new Listr(this.tasks, {
            concurrent: true,
            exitOnError: false,
            fallbackRenderer: "simple",
            // Ctrl-C ends the steps through their signal, so that they can clean up.
            registerSignalListeners: false,
            rendererOptions: { collapseSubtasks: false },
        }).run();
        if (this.failed) throw this.failed.error;
        await Promise.all(this.results);
    }

    private async begin<N extends Needs, T>(
        title: string,
        needs: N,
        work: (given: Settled<N>) => Promise<T>,
    ): Promise<T> {
        const given = await settled(needs);
        const began = performance.now();
        try {
            this.signal.throwIfAborted();
            return await work(given);
        } catch (error) {
            this.failed ??= { title, error };
            this.failure.abort(error);
            throw error;
        } finally {
            this.seconds[title] = (performance.now() - began) / 1000;
        }
    }
}

/** Waits for a result, or for the reason why there is none, for steps that others can do without. */
export function orError<T>(result: Promise<T>): Promise<T | Error> {
    return result.catch((error: Error) => error);
}
