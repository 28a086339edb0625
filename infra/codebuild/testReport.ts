import { stringify } from "yaml";
import { reportGroupName } from "./projectNames";

/** Name of the report in the buildspec; CodeBuild puts the project's name in front of it. */
export const reportName = "tests";

/**
 * Adds a report of the images' test results to the buildspec. A stack without tests has no report, since CodeBuild fails a build whose
 * report finds no file; the role then needs no permission for it.
 *
 * @param buildspec text of buildspecs/image.yml, whose builds leave results in `test-results`
 */
export function withTestReport(buildspec: string): string {
    const report = { "base-directory": "test-results", files: ["**/*.xml"] };
    return `${buildspec.trimEnd()}\n\n${stringify({ reports: { [reportName]: report } })}`;
}

/** Makes the ARN of the report group that CodeBuild creates for the report of a project. */
export function reportGroupArn(projectArn: string): string {
    return reportGroupName(projectArn.replace(":project/", ":report-group/"), reportName);
}
