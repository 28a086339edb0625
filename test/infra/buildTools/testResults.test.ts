import assert from "node:assert/strict";
import { skippedReport, testCounts } from "../../../infra/buildTools/testResults";

describe("test results", () => {
    const files: [what: string, xml: string, tests: number, failed: number][] = [
        ["no tests", "<testsuites/>", 0, 0],
        ["a single suite", '<testsuite><testcase name="a"/><testcase name="b"></testcase></testsuite>', 2, 0],
        [
            "failures and errors",
            `<?xml version="1.0"?><testsuites><testsuite><testcase><failure/></testcase>
             <testcase><error message="1 &lt; 2">text</error></testcase><testcase><skipped/></testcase></testsuite></testsuites>`,
            3,
            2,
        ],
        [
            "suites in suites",
            "<testsuites><testsuite><testsuite><testcase><failure>x</failure></testcase></testsuite><testcase/></testsuite></testsuites>",
            2,
            1,
        ],
        ["the report of an image that is not tested", skippedReport("app", "src-1", "It exists."), 1, 0],
    ];
    for (const [what, xml, tests, failed] of files) {
        it(`counts ${what}`, () => assert.deepEqual(testCounts(xml), { tests, failed }));
    }

    it("refuses what is no JUnit XML", () => {
        assert.throws(() => testCounts("<html></html>"), { message: "its root is neither testsuites nor testsuite." });
        assert.throws(() => testCounts("<testsuite>"), { message: "line 1: Unclosed tag 'testsuite'." });
    });
});
