import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { reportGroupArn, withTestReport } from "../../../infra/codebuild/testReport";
import { projectRoot } from "../../../local/paths";

describe("the report of test results", () => {
    const buildspec = fs.readFileSync(path.join(projectRoot, "buildspecs/image.yml"), "utf8");

    it("is added to the buildspec, and nothing else is changed", () => {
        const { reports, ...others } = parse(withTestReport(buildspec)) as Record<string, unknown>;
        assert.deepEqual(reports, { tests: { "base-directory": "test-results", files: ["**/*.xml"] } });
        assert.deepEqual(others, parse(buildspec));
    });

    it("leaves the text as it is written", () => {
        assert.ok(withTestReport(buildspec).startsWith(buildspec));
    });

    it("belongs to the group that CodeBuild makes for the project", () => {
        assert.equal(
            reportGroupArn("arn:aws:codebuild:eu-central-1:123456789012:project/shop-dev"),
            "arn:aws:codebuild:eu-central-1:123456789012:report-group/shop-dev-tests",
        );
    });
});
