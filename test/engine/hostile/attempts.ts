/** Attempt with its outcome. */
interface Attempt {
    what: string;
    isThrough: boolean;
}

/** Attempts of a suite. */
export class Attempts {
    private readonly all: Attempt[] = [];

    /** Number of attempts. */
    get tried(): number {
        return this.all.length;
    }

    /** Attempts that had an effect. */
    get through(): string[] {
        return this.all.filter(({ isThrough }) => isThrough).map(({ what }) => what);
    }

    /**
     * Registers a test for an attempt, which fails when the attempt had an effect.
     *
     * @param outcome function that returns the effect, undefined without one. An error counts as an effect, since then
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
