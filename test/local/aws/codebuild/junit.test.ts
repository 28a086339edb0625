import assert from "node:assert/strict";
import { parseJunit } from "../../../../local/aws/codebuild/junit";
import { reportGroupArn } from "../../../../local/aws/codebuild/reports";

describe("codebuild: reports", () => {
    it("reads the test cases of JUnit XML", () => {
        const xml = `<?xml version="1.0"?>
<!-- <testcase name="comment"/> -->
<testsuites>
  <testsuite name="s">
    <properties><property name="a" value="1"/></properties>
    <testcase classname="shop" name="adds &lt;1 &amp; 2&gt; &#x41;" time="0.25"/>
    <testcase classname='shop' name="fails"><failure message="1 > 2">text <![CDATA[<failure/>]]></failure></testcase>
    <testcase classname="shop" name="breaks"><error message="boom"/></testcase>
    <testcase classname="shop" name="waits"><skipped/><system-out>x</system-out></testcase>
  </testsuite>
</testsuites>`;
        const one = (name: string, status: string, rest: object = {}) => ({
            name,
            prefix: "shop",
            status,
            durationInNanoSeconds: 0,
            ...rest,
        });
        assert.deepEqual(parseJunit(xml), [
            one("adds <1 & 2> A", "SUCCEEDED", { durationInNanoSeconds: 250_000_000 }),
            one("fails", "FAILED", { message: "1 > 2" }),
            one("breaks", "ERROR", { message: "boom" }),
            one("waits", "SKIPPED"),
        ]);
    });

    const wrong: [xml: string, message: string][] = [
        ["", "line 1: Start tag expected."],
        ["<html></html>", "its root is neither testsuites nor testsuite."],
        [
            "<testsuite><testcase></testsuite>",
            "line 1: Expected closing tag 'testcase' (opened in line 1, col 12) instead of closing tag 'testsuite'.",
        ],
        ["<testsuite>", "line 1: Unclosed tag 'testsuite'."],
    ];
    for (const [xml, message] of wrong) {
        it(`refuses ${JSON.stringify(xml)}`, () => assert.throws(() => parseJunit(xml), { message }));
    }

    it("puts the project's name before the name of a group", () => {
        const place = { region: "eu-central-1", accountId: "123456789012", projectName: "app" };
        const arn = "arn:aws:codebuild:eu-central-1:123456789012:report-group/app-unit";
        assert.deepEqual([reportGroupArn("unit", place), reportGroupArn(arn, place)], [arn, arn]);
    });
});
