/** Members of T, each as a promise. */
export type Promised<T> = { [K in keyof T]: Promise<T[K]> };

/** Results of the promises that are T's members. */
export type Settled<T> = { [K in keyof T]: Awaited<T[K]> };

/** Waits for the promises that are an object's members. @throws the first failure */
export async function settled<T extends object>(promises: T): Promise<Settled<T>> {
    const values = Object.entries(promises).map(async ([name, promise]) => [name, (await promise) as unknown] as const);
    return Object.fromEntries(await Promise.all(values)) as Settled<T>;
}

/** Task of a group that succeeds or fails together. */
export type Task<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Runs tasks side by side. When one fails, the others are aborted and awaited, so that none continues unseen.
 *
 * @param signal signal that aborts all tasks
 * @returns their results in order
 * @throws the first failure
 */
export async function runTogether<T extends readonly unknown[]>(
    signal: AbortSignal | undefined,
    tasks: { [K in keyof T]: Task<T[K]> },
): Promise<T> {
    const failure = new AbortController();
    const linked = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
    let first: { error: unknown } | undefined;
    const results = await Promise.allSettled(
        tasks.map(async (task: Task<unknown>) => {
            try {
                return await task(linked);
            } catch (error) {
                first ??= { error };
                failure.abort(error);
                throw error;
            }
        }),
    );
    if (first) throw first.error;
    return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
