import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** Mocha's spec reporter, which also leaves the counts in the file that TEST_COUNTS names, for test/run.ts to add up. */
class CountingReporter extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
        super(runner, options);
        runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
            const { passes, failures, pending } = this.stats;
            if (process.env.TEST_COUNTS)
                writeFileSync(process.env.TEST_COUNTS, JSON.stringify({ passes, failures, pending }));
        });
    }
}

export = CountingReporter;
