import { StateFile } from "../../stateFile";

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

/** Test reports of builds, and their groups. */
interface Stored {
    groups: string[];
    reports: Record<string, StoredReport>;
}

/** Store of the reports that builds upload; the emulator has none. */
export class ReportStore {
    private readonly file: StateFile<Stored>;
    private readonly stored: Stored;

    /** @param file file in which the reports survive a restart */
    constructor(file: string) {
        this.file = new StateFile(file);
        this.stored = this.file.read({ groups: [], reports: {} });
    }

    /** ARNs of the groups. */
    get groups(): string[] {
        return this.stored.groups;
    }

    /** Tells whether a group exists. */
    hasGroup(arn: string): boolean {
        return this.stored.groups.includes(arn);
    }

    /** Adds a group. */
    addGroup(arn: string): void {
        this.stored.groups.push(arn);
        this.file.write(this.stored);
    }

    /** Returns the report of an ARN; undefined when there is none. */
    report(arn: string): StoredReport | undefined {
        return this.stored.reports[arn];
    }

    /** Adds or changes a report. */
    put(report: StoredReport): void {
        this.stored.reports[report.arn] = report;
        this.file.write(this.stored);
    }
}
