import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ImagePlan } from "../../../infra/buildTools/plan";
import { requirePassed, testFolder, writeSkippedReports } from "../../../infra/buildTools/testReports";
import { testCounts } from "../../../infra/buildTools/testResults";
import { temporaryFolder, writeTree } from "../temporaryFolder";
import { build, image, imageState } from "./imageStates";

describe("the test reports of a build", () => {
    const folder = temporaryFolder();
    const skipped = () => path.join(testFolder(folder.path, "app"), "skipped.xml");

    const task = { builds: [build("arm64")], isJoinedElsewhere: true, tests: { isElsewhere: true, arguments: [] } };
    const cases: [what: string, plan: Partial<ImagePlan>, there: string[], reason: string][] = [
        ["an image that is adopted", {}, ["src-1"], "The image exists already."],
        ["a task of a batch that tests nothing", task, [], "The tests run in the build of another platform."],
        ["such a task that builds nothing", task, ["src-1-arm64"], "The tests run in the build of another platform."],
        [
            "a build that only joins the platforms",
            {},
            ["src-1-amd64", "src-1-arm64"],
            "All platforms of the image exist already; they are only joined.",
        ],
    ];
    for (const [what, changed, there, reason] of cases) {
        it(`say of ${what} why it has none`, () => {
            writeSkippedReports(folder.path, [imageState({ ...image, ...changed }, there)]);
            const xml = fs.readFileSync(skipped(), "utf8");
            assert.ok(xml.includes(`<skipped message="${reason}"/>`), xml);
            assert.deepEqual(testCounts(xml), { tests: 1, failed: 0 });
        });
    }

    const none: [what: string, plan: Partial<ImagePlan>][] = [
        ["whose tests run", {}],
        ["without tests", { tests: undefined }],
    ];
    for (const [what, changed] of none) {
        it(`are left to tests for an image ${what}`, () => {
            writeSkippedReports(folder.path, [imageState({ ...image, ...changed }, [])]);
            assert.equal(fs.existsSync(skipped()), false);
        });
    }

    it("are counted, also those of images that were adopted", () => {
        const log: string[] = [];
        const count = () => requirePassed(folder.path, (line) => log.push(line));
        writeSkippedReports(folder.path, [imageState(image, ["src-1"])]);
        count();
        writeTree(testFolder(folder.path, "web"), {
            "unit/more.xml": "<testsuite><testcase><failure/></testcase></testsuite>",
        });
        assert.throws(count, { message: "1 of 2 tests failed, so no image is built; the report has them." });
        assert.deepEqual(log, ["Test results: 1, 0 failed", "Test results: 2, 1 failed"]);
    });

    it("are refused where they are no JUnit XML", () => {
        writeTree(testFolder(folder.path, "app"), { "more.xml": "none" });
        assert.throws(() => requirePassed(folder.path, assert.fail), {
            message: "The test results app/more.xml are no JUnit XML: line 1: char 'n' is not expected.",
        });
    });
});
