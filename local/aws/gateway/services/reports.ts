import { RequestError } from "../../requestError";
import type { StateMap } from "../../stateFile";
import { type CallHandler, jsonAnswer } from "../call/callHandler";

/** Test report in the form of CodeBuild's API (Report), with its test cases. */
export interface StoredReport {
    arn: string;
    name: string;
    reportGroupArn: string;
    executionId: string;
    status: string;
    /** Time in seconds since 1970. */
    created: number;
    testCases: Record<string, unknown>[];
}

/** Parts of the gateway that serve calls about reports. */
export interface ReportContext {
    /** Reports of builds, by ARN; the emulator has none. */
    reports: StateMap<StoredReport>;
    /** Groups of reports, by ARN. */
    reportGroups: StateMap<object>;
}

/** Members of the calls about reports; three of these calls have no published form. */
interface ReportMembers {
    reportGroupArn: string;
    arn: string;
    reportArn: string;
    reportArns: string[];
    name: string;
    executionId: string;
    status: string;
    testCases: Record<string, unknown>[];
}

/** Makes a handler that changes a report and answers with it. */
const change =
    (pick: (members: ReportMembers, report: StoredReport) => Partial<StoredReport>): CallHandler<ReportContext> =>
    (call, { reports }) => {
        const members = call.members as unknown as ReportMembers;
        const report = existing(members.reportArn ?? members.arn, reports);
        reports.set(report.arn, { ...report, ...pick(members, report) });
        return jsonAnswer({});
    };

/** Handlers of the calls about test reports, which the emulator lacks. */
export const reportCalls: Record<string, CallHandler<ReportContext>> = {
    "codebuild:CreateReportGroup": ({ members }, { reportGroups }) => {
        const arn = String(members.reportGroupArn);
        reportGroups.set(arn, {});
        return jsonAnswer({ reportGroup: { arn, name: members.name, type: "TEST" } });
    },
    "codebuild:ListReportGroups": (_call, { reportGroups }) => jsonAnswer({ reportGroups: [...reportGroups.keys()] }),
    "codebuild:CreateReport": (call, { reports, reportGroups }) => {
        const { reportGroupArn, arn, name, executionId } = call.members as unknown as ReportMembers;
        if (!reportGroups.has(reportGroupArn)) {
            throw new RequestError("ResourceNotFoundException", `There is no report group ${reportGroupArn}.`);
        }
        const created = Date.now() / 1000;
        reports.set(arn, { arn, name, reportGroupArn, executionId, status: "GENERATING", created, testCases: [] });
        return jsonAnswer({});
    },
    "codebuild:BatchPutTestCases": change(({ testCases }, report) => ({
        testCases: [...report.testCases, ...testCases],
    })),
    "codebuild:UpdateReport": change(({ status }) => ({ status })),
    "codebuild:BatchGetReports": ({ members }, { reports }) => {
        const arns = members.reportArns as string[];
        const found = arns.map((arn) => reports.get(arn));
        return jsonAnswer({
            reports: found.flatMap((report) => (report === undefined ? [] : [describe(report)])),
            reportsNotFound: arns.filter((_, index) => found[index] === undefined),
        });
    },
    "codebuild:DescribeTestCases": ({ members }, { reports }) =>
        jsonAnswer({ testCases: existing(String(members.reportArn), reports).testCases }),
};

function existing(arn: string, reports: ReportContext["reports"]): StoredReport {
    const report = reports.get(arn);
    if (report === undefined) throw new RequestError("ResourceNotFoundException", "There is no such report.");
    return report;
}

/** Converts a report to the form of the API's Report. */
function describe({ testCases, ...report }: StoredReport) {
    const statuses = testCases.map(({ status }) => String(status));
    const statusCounts: Record<string, number> = {};
    for (const status of statuses) statusCounts[status] = (statusCounts[status] ?? 0) + 1;
    const durationInNanoSeconds = testCases.reduce((sum, one) => sum + Number(one.durationInNanoSeconds), 0);
    return { ...report, type: "TEST", testSummary: { total: testCases.length, statusCounts, durationInNanoSeconds } };
}
