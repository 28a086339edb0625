import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { type CodeBuildClient, ListReportGroupsCommand } from "@aws-sdk/client-codebuild";
import type { ReportSpec } from "./buildspec";
import { matchingDirectories, matchingFiles } from "./glob";
import { JunitError, parseJunit, type TestCase } from "./junit";
import { asRole, PhaseError } from "./phaseError";
import type { UploadContext } from "./upload";

/** Makes the ARN of a report group from its name, prefixed by the project's name, or returns a given ARN. */
export function reportGroupArn(
    group: string,
    { region, accountId, projectName }: { region: string; accountId: string; projectName: string },
): string {
    if (group.startsWith("arn:")) return group;
    return `arn:aws:codebuild:${region}:${accountId}:report-group/${projectName}-${group}`;
}

/**
 * Reads the test results that the buildspec names and uploads them as reports, with the permissions of the build's role. A failed test does
 * not fail the build.
 *
 * A report without files fails the phase, as in CodeBuild (prowler-cloud/prowler#1182).
 *
 * @throws PhaseError when no file matches, a file is no JUnit XML or the role may not
 */
export async function uploadReports(context: UploadContext): Promise<void> {
    for (const [group, spec] of Object.entries(context.buildspec.reports)) {
        const cases = await readCases(group, spec, context);
        const reportArn = await handIn(group, cases, context);
        context.build.reportArns = [...(context.build.reportArns ?? []), reportArn];
        const failed = cases.filter(({ status }) => status === "FAILED" || status === "ERROR").length;
        await context.report(`Report ${group}: ${cases.length} test cases, ${failed} failed`);
    }
}

async function readCases(group: string, spec: ReportSpec, context: UploadContext): Promise<TestCase[]> {
    const [folder] = await matchingDirectories(context.sourceDirectory, spec.baseDirectory ?? ".");
    const files = folder === undefined ? [] : await matchingFiles(folder, spec.files);
    if (folder === undefined || files.length === 0) {
        const place = `${spec.files.join(", ")} in ${spec.baseDirectory ?? "."}`;
        throw new PhaseError("CLIENT_ERROR", `Report ${group}: no file matches ${place}.`);
    }
    const cases: TestCase[] = [];
    for (const file of files) {
        const xml = await fs.readFile(path.join(folder, file), "utf8");
        try {
            cases.push(...parseJunit(xml));
        } catch (error) {
            if (!(error instanceof JunitError)) throw error;
            throw new PhaseError("CLIENT_ERROR", `Report ${group}: ${file} is no JUnit XML: ${error.message}`);
        }
    }
    return cases;
}

/** Uploads the test cases of a report. @returns ARN of the report */
async function handIn(group: string, cases: TestCase[], context: UploadContext): Promise<string> {
    const { project, build, world, clients } = context;
    const groupArn = reportGroupArn(group, { ...world, projectName: project.name });
    const name = groupArn.replace(/^.*:report-group\//, "");
    const reportArn = `${groupArn.replace(":report-group/", ":report/")}:${randomUUID()}`;
    const call = async (operation: string, members: Record<string, unknown>) => {
        const action = `codebuild:${operation}`;
        const described = { statusCode: "CLIENT_ERROR", role: project.serviceRole, action, resource: groupArn };
        await asRole(described, () => send(clients.codebuild, operation, { reportGroupArn: groupArn, ...members }));
    };
    if (!group.startsWith("arn:")) {
        await call("CreateReportGroup", { name, type: "TEST", exportConfig: { exportConfigType: "NO_EXPORT" } });
    }
    await call("CreateReport", { arn: reportArn, executionId: build.arn, type: "TEST", name });
    await call("BatchPutTestCases", { reportArn, testCases: cases });
    await call("UpdateReport", { arn: reportArn, status: overallStatus(cases) });
    return reportArn;
}

function overallStatus(cases: TestCase[]): "SUCCEEDED" | "FAILED" {
    return cases.some(({ status }) => status === "FAILED" || status === "ERROR") ? "FAILED" : "SUCCEEDED";
}

/**
 * Calls an operation that CodeBuild's SDK lacks: three operations that create a report are permissions of the service role only (service
 * authorization reference of CodeBuild).
 */
async function send(client: CodeBuildClient, operation: string, members: Record<string, unknown>): Promise<void> {
    const command = new ListReportGroupsCommand({});
    command.middlewareStack.add(
        (next) => (args) => {
            const request = args.request as { headers: Record<string, string>; body: string };
            request.headers["x-amz-target"] = `CodeBuild_20161006.${operation}`;
            request.body = JSON.stringify(members);
            request.headers["content-length"] = String(Buffer.byteLength(request.body));
            return next(args);
        },
        { step: "build", priority: "low" },
    );
    await client.send(command);
}
