/** What was tried, and how it ended. */
interface Attempt {
    what: string;
    isThrough: boolean;
}

/** All attempts of a suite. */
export class Attempts {
    private readonly all: Attempt[] = [];

    /** How many were made. */
    get tried(): number {
        return this.all.length;
    }

    /** Those that had an effect. */
    get through(): string[] {
        return this.all.filter(({ isThrough }) => isThrough).map(({ what }) => what);
    }

    /**
     * Registers a test for an attempt, which fails when it had an effect.
     *
     * @param outcome asks how it ended: undefined when it had no effect, else the effect. An error counts as one, since then
     * nothing is known
     */
    expectNone(what: string, outcome: () => string | undefined | Promise<string | undefined>): void {
        it(what, async () => {
            const attempt = { what, isThrough: true };
            this.all.push(attempt);
            const effect = await outcome();
            if (effect !== undefined) throw new Error(effect);
            attempt.isThrough = false;
        });
    }
}
