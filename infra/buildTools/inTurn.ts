/**
 * Runs an action for each item, `limit` at a time. After a failure no further action starts; running ones are awaited.
 *
 * @throws Error of the first one that failed
 */
export async function inTurn<Item>(limit: number, items: Item[], run: (item: Item) => Promise<void>): Promise<void> {
    const queue = items.values();
    const failures: unknown[] = [];
    const work = async () => {
        for (const item of queue) {
            await run(item).catch((error: unknown) => failures.push(error));
            if (failures.length > 0) return;
        }
    };
    await Promise.all(Array.from({ length: limit }, work));
    if (failures.length > 0) throw failures[0];
}
