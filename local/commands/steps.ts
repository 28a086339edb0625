import { Listr, type ListrTask } from "listr2";
import type { Report } from "../world/toolchain";

/** The promises that a step waits for, by names of its own choosing. */
type Needs = Record<string, Promise<unknown>>;

/** The results that it waited for. */
type Given<N extends Needs> = { [K in keyof N]: Awaited<N[K]> };

/** Means of the work of a step. */
export interface StepControl {
    /** Takes what happens right now, one line each. */
    report: Report;
    /** Aborts when another step fails, or the person interrupts. */
    signal: AbortSignal;
    /** Shows the step as skipped, with a reason. */
    skip: (reason: string) => void;
}

/** Steps that run side by side, each as soon as what it needs is there. */
export class Steps {
    private readonly tasks: ListrTask[] = [];
    private readonly results: Promise<unknown>[] = [];
    private readonly failure = new AbortController();
    private failed: { title: string; error: unknown } | undefined;
    /** Duration of each step that has ended, by its title; the time that it waited for others is left out. */
    readonly seconds: Record<string, number> = {};
    /** Aborts when a step fails, or the person interrupts. */
    readonly signal: AbortSignal;

    /** @param signal aborts all steps */
    constructor(signal: AbortSignal) {
        this.signal = AbortSignal.any([signal, this.failure.signal]);
    }

    /**
     * Adds a step, which begins as soon as what it needs is there. Its failure aborts the others.
     *
     * @returns its result; nobody has to handle a rejection
     */
    add<N extends Needs, T>(
        title: string,
        needs: N,
        work: (given: Given<N>, step: StepControl) => Promise<T>,
    ): Promise<T> {
        const shown: { line: Report; skip?: string } = { line: () => undefined };
        const control: StepControl = {
            report: (line) => shown.line(line),
            signal: this.signal,
            skip: (reason) => (shown.skip = reason),
        };
        const result = this.begin(title, needs, (given: Given<N>) => work(given, control));
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
        work: (given: Given<N>) => Promise<T>,
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

async function settled<N extends Needs>(needs: N): Promise<Given<N>> {
    const values = Object.entries(needs).map(async ([name, need]) => [name, await need] as const);
    return Object.fromEntries(await Promise.all(values)) as Given<N>;
}

/** A result, or why there is none, for steps that others can do without. */
export function orError<T>(result: Promise<T>): Promise<T | Error> {
    return result.catch((error: Error) => error);
}
