import { apiError } from "../call/apiError";
import { type CallHandler, jsonAnswer } from "../call/callHandler";
import type { ReportStore, StoredReport } from "./reportStore";

/** Parts of the gateway that serve calls about reports. */
export interface ReportContext {
    /** Reports of builds. */
    reports: ReportStore;
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
        const report = reports.report(members.reportArn ?? members.arn);
        if (report === undefined) return apiError(call, 400, "ResourceNotFoundException", "There is no such report.");
        reports.put({ ...report, ...pick(members, report) });
        return jsonAnswer({});
    };

/** Handlers of the calls about test reports, which the emulator lacks. */
export const reportCalls: Record<string, CallHandler<ReportContext>> = {
    "codebuild:CreateReportGroup": ({ members }, { reports }) => {
        const arn = String(members.reportGroupArn);
        if (!reports.hasGroup(arn)) reports.addGroup(arn);
        return jsonAnswer({ reportGroup: { arn, name: members.name, type: "TEST" } });
    },
    "codebuild:ListReportGroups": (_call, { reports }) => jsonAnswer({ reportGroups: reports.groups }),
    "codebuild:CreateReport": (call, { reports }) => {
        const { reportGroupArn, arn, name, executionId } = call.members as unknown as ReportMembers;
        if (!reports.hasGroup(reportGroupArn)) {
            return apiError(call, 400, "ResourceNotFoundException", `There is no report group ${reportGroupArn}.`);
        }
        const created = Date.now() / 1000;
        reports.put({ arn, name, reportGroupArn, executionId, status: "GENERATING", created, testCases: [] });
        return jsonAnswer({});
    },
    "codebuild:BatchPutTestCases": change(({ testCases }, report) => ({
        testCases: [...report.testCases, ...testCases],
    })),
    "codebuild:UpdateReport": change(({ status }) => ({ status })),
    "codebuild:BatchGetReports": ({ members }, { reports }) => {
        const arns = members.reportArns as string[];
        const found = arns.map((arn) => reports.report(arn));
        return jsonAnswer({
            reports: found.flatMap((report) => (report === undefined ? [] : [describe(report)])),
            reportsNotFound: arns.filter((_, index) => found[index] === undefined),
        });
    },
    "codebuild:DescribeTestCases": (call, { reports }) => {
        const report = reports.report(String(call.members.reportArn));
        if (report === undefined) return apiError(call, 400, "ResourceNotFoundException", "There is no such report.");
        return jsonAnswer({ testCases: report.testCases });
    },
};

/** Converts a report to the form of the API's Report. */
function describe({ testCases, ...report }: StoredReport) {
    const statuses = testCases.map(({ status }) => String(status));
    const statusCounts: Record<string, number> = {};
    for (const status of statuses) statusCounts[status] = (statusCounts[status] ?? 0) + 1;
    const durationInNanoSeconds = testCases.reduce((sum, one) => sum + Number(one.durationInNanoSeconds), 0);
    return { ...report, type: "TEST", testSummary: { total: testCases.length, statusCounts, durationInNanoSeconds } };
}
