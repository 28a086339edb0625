import { writeFileSync } from "node:fs";
import * as path from "node:path";
import Mocha from "mocha";
import { projectRoot } from "../../local/paths";
import type { TestRecord } from "./testRecords";

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

/** Reporter that extends Mocha's spec reporter by a record of each test and hook, in the file that TEST_RECORDS names, for test/run.ts. */
class RunReporter extends Mocha.reporters.Spec {
    constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
        super(runner, options);
        const records: TestRecord[] = [];
        const add = (result: TestRecord["result"]) => (runnable: Mocha.Runnable) =>
            records.push({
                file: path.relative(projectRoot, runnable.file ?? ""),
                title: runnable.titlePath().join(" "),
                result,
                seconds: (runnable.duration ?? 0) / 1000,
            });
        runner.on(EVENT_TEST_PASS, add("passed"));
        runner.on(EVENT_TEST_FAIL, add("failed"));
        runner.on(EVENT_TEST_PENDING, add("skipped"));
        runner.on(EVENT_HOOK_END, add("prepared"));
        runner.once(EVENT_RUN_END, () => {
            if (process.env.TEST_RECORDS) writeFileSync(process.env.TEST_RECORDS, JSON.stringify(records));
        });
    }
}

export = RunReporter;
