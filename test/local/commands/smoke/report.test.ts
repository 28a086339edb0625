import assert from "node:assert/strict";
import {
    type CheckResult,
    leftoverAdvice,
    resultPage,
    resultTable,
    type SmokeResult,
} from "../../../../local/commands/smoke/report";

describe("smoke: report", () => {
    const checks: CheckResult[] = [
        { check: "one", status: "passed", detail: "3 create", seconds: 1.25 },
        { check: "two", status: "failed", detail: "a | b\n  c", seconds: 0 },
    ];
    const result: SmokeResult = {
        stack: "smoke",
        region: "eu-central-1",
        date: "2026-01-01T00:00:00.000Z",
        passed: false,
        checks,
        leftovers: [{ type: "aws:s3/bucket:Bucket", id: "b", remove: "aws s3 rb --force s3://b" }],
    };

    it("is a page with a row for each check, and how to remove what is left", () => {
        assert.equal(
            resultPage(result),
            [
                "# Smoke run of 2026-01-01T00:00:00.000Z",
                "",
                "Stack smoke in eu-central-1: failed.",
                "",
                "| check | status | seconds | detail |",
                "| --- | --- | --- | --- |",
                "| one | passed | 1.3 | 3 create |",
                "| two | failed | 0.0 | a \\| b c |",
                "",
                leftoverAdvice(result)[0],
                "",
                "aws s3 rb --force s3://b",
                "",
            ].join("\n"),
        );
    });

    it("is a table that breaks long details", () => {
        const [long] = checks;
        const table = resultTable({ ...result, checks: [{ ...long!, detail: "x".repeat(200) }] });
        assert.ok(table.split("\n").every((line) => line.length < 130));
        assert.equal(table.match(/x/g)?.length, 200);
    });

    it("says nothing of leftovers where there are none", () => {
        assert.deepEqual(leftoverAdvice({ ...result, leftovers: [] }), []);
    });
});
