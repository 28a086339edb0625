/** Runs tasks of one key one after the other, so that checking a tag and moving it cannot be interrupted by another push. */
export class Serial {
    private readonly tails = new Map<string, Promise<unknown>>();

    /** Runs a task after all earlier ones of the same key have ended, however they ended. */
    async run<T>(key: string, task: () => Promise<T>): Promise<T> {
        const tail = (this.tails.get(key) ?? Promise.resolve()).then(task, task);
        this.tails.set(key, tail);
        try {
            return await tail;
        } finally {
            if (this.tails.get(key) === tail) this.tails.delete(key);
        }
    }
}
