import * as fs from "node:fs";
import * as path from "node:path";
import { adopted, imagesToTest } from "./missing";
import type { ImageState } from "./buildState";
import { skippedReport, testCounts, type TestCounts, total } from "./testResults";

/** Names the folder of an image's test results. @param folder the work folder */
export function testFolder(folder: string, name: string): string {
    return path.join(folder, "tests", name);
}

/** Writes a report for each image whose tests do not run in this build. @param folder the work folder */
export function writeSkippedReports(folder: string, images: ImageState[]): void {
    const tested = new Set(imagesToTest(images));
    for (const image of images) {
        const { name, tag, tests } = image.plan;
        if (tests === undefined || tested.has(image)) continue;
        fs.mkdirSync(testFolder(folder, name), { recursive: true });
        fs.writeFileSync(path.join(testFolder(folder, name), "skipped.xml"), skippedReport(name, tag, reasonOf(image)));
    }
}

function reasonOf(image: ImageState): string {
    if (adopted(image, image.plan.tag) !== undefined) return "The image exists already.";
    return image.plan.tests?.isElsewhere
        ? "The tests run in the build of another platform."
        : "All platforms of the image exist already; they are only joined.";
}

/**
 * Makes sure that no test failed.
 *
 * @param folder the work folder
 * @param log function that takes a line with the number of tests
 * @throws Error for tests that failed, and for a file that is no JUnit XML
 */
export function requirePassed(folder: string, log: (line: string) => void): void {
    const { tests, failed } = countResults(folder);
    if (tests > 0) log(`Test results: ${tests}, ${failed} failed`);
    if (failed > 0) throw new Error(`${failed} of ${tests} tests failed, so no image is built; the report has them.`);
}

function countResults(folder: string): TestCounts {
    const root = path.join(folder, "tests");
    const files = fs.readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".xml"));
    return total(
        files.sort().map((file) => {
            try {
                return testCounts(fs.readFileSync(path.join(root, file), "utf8"));
            } catch (error) {
                throw new Error(`The test results ${file} are no JUnit XML: ${(error as Error).message}`);
            }
        }),
    );
}
