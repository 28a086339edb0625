import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { TestReports } from "../../../../infra/build/buildTools/testReports";
import { temporaryFolder } from "../../temporaryFolder";
import { image } from "./plannedFolder";

describe("the test reports of a build", () => {
    const folder = temporaryFolder();

    it("are counted, also those of images that were adopted", () => {
        const reports = new TestReports(folder.path);
        const more = path.join(folder.path, "tests/app/more.xml");
        reports.writeAdopted(image);
        fs.writeFileSync(more, "<testsuite><testcase><failure/></testcase></testsuite>");
        assert.deepEqual(reports.counts(), { tests: 2, failed: 1 });
        fs.writeFileSync(more, "none");
        assert.throws(() => reports.counts(), {
            message: "The test results app/more.xml are no JUnit XML: line 1: char 'n' is not expected.",
        });
    });
});
