/** Queues of tasks by key. Tasks of one key run one after the other, so no other push comes between checking a tag and moving it. */
export class Serial {
    private readonly tails = new Map<string, Promise<unknown>>();

    /** Runs a task after all earlier ones of the same key have ended, successfully or not. */
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
