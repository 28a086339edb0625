import * as path from "node:path";
import type { ImagePlan } from "./plan";
import { adoptedReport, testCounts, type TestCounts, total } from "./testResults";
import { WorkFiles } from "./workFiles";

/** The test results of all images, in the work folder. */
export class TestReports {
    private readonly files: WorkFiles;

    /** @param folder the work folder */
    constructor(folder: string) {
        this.files = new WorkFiles(folder);
    }

    /** Writes a report for an image that was adopted. */
    writeAdopted({ name, tag }: ImagePlan): void {
        this.files.makeFolder(path.join("tests", name));
        this.files.write(path.join("tests", name, "adopted.xml"), adoptedReport(name, tag));
    }

    /**
     * Counts the results of all images.
     *
     * @throws Error for a file that is no JUnit XML
     */
    counts(): TestCounts {
        return total(
            this.files.list("tests", ".xml").map((file) => {
                try {
                    return testCounts(this.files.read(path.join("tests", file)));
                } catch (error) {
                    throw new Error(`The test results ${file} are no JUnit XML: ${(error as Error).message}`);
                }
            }),
        );
    }
}
