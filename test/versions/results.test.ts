import assert from "node:assert/strict";
import type { Combination } from "./combinations";
import { type Outcome, outcomeOf, type Result, withResult } from "./results";

describe("outcomeOf", () => {
    const outputs: [what: string, output: string, exitCode: number, outcome: Outcome][] = [
        [
            "reads the numbers of the last line",
            "3 passed, 0 failed\n\n12.0 s\n\n1819 passed, 0 failed\n",
            0,
            { passed: 1819, failed: 0, skipped: 0, failures: [] },
        ],
        [
            "names the tests that failed",
            "Failed:\na.test.ts: one\nb.test.ts: two\n\n12.0 s\n\n7 passed, 2 failed, 3 skipped\n",
            1,
            { passed: 7, failed: 2, skipped: 3, failures: ["a.test.ts: one", "b.test.ts: two"] },
        ],
        ["counts a check without numbers as one test", "", 0, { passed: 1, failed: 0, skipped: 0, failures: [] }],
        [
            "counts a check that fails without numbers as one failure",
            "infra/index.ts(1,1): error TS2339",
            2,
            { passed: 0, failed: 1, skipped: 0, failures: [] },
        ],
        [
            "counts a run that broke off as one failure, whatever it printed before",
            "7 passed, 0 failed\nKilled\n",
            137,
            { passed: 0, failed: 1, skipped: 0, failures: [] },
        ],
        [
            "trusts the exit code where no test failed",
            "7 passed, 0 failed\n",
            1,
            { passed: 7, failed: 1, skipped: 0, failures: [] },
        ],
    ];
    for (const [what, output, exitCode, outcome] of outputs) {
        it(what, () => assert.deepEqual(outcomeOf(output, exitCode), outcome));
    }
});

describe("withResult", () => {
    const versions = (node: string): Combination => ({ node, "@pulumi/pulumi": "3.1.0", "@pulumi/aws": "7.2.0" });
    const result = (node: string, suite: Result["suite"], passed: number): Result => ({
        ...{ versions: versions(node), suite, passed, failed: 0, skipped: 0 },
        ...{ seconds: 1, date: "2026-01-31", machine: "2 processors" },
    });
    const combinations = [versions("20.1.0"), versions("22.2.0")];

    it("replaces the result of the same versions and suite, and keeps the others in the order of the combinations", () => {
        const earlier = [result("22.2.0", "unit", 1), result("20.1.0", "unit", 2), result("20.1.0", "types", 3)];
        assert.deepEqual(withResult(earlier, result("20.1.0", "unit", 4), combinations), [
            result("20.1.0", "types", 3),
            result("20.1.0", "unit", 4),
            result("22.2.0", "unit", 1),
        ]);
    });

    it("drops results of versions that are no longer tested", () => {
        assert.deepEqual(withResult([result("20.0.0", "unit", 1)], result("22.2.0", "engine", 2), combinations), [
            result("22.2.0", "engine", 2),
        ]);
    });
});
