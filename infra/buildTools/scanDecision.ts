import type { AllowListEntry } from "./scanAllowList";
import { type Finding, findingsOf, type ScanAnswer } from "./scanFindings";
import { rankOf, reaches, type Severity } from "./severity";

/** Rules that findings are judged by. */
export interface ScanRules {
    /** Lowest severity that is refused. */
    threshold: Severity;
    /** Findings that are accepted. */
    allowList: AllowListEntry[];
    /** Day of the decision, `YYYY-MM-DD` in UTC. */
    today: string;
}

/** Finding with what the rules say about it. */
export interface JudgedFinding extends Finding {
    verdict: "belowThreshold" | "allowed" | "refused";
    /** Entry of the allow list about it; the entry of a refused finding has expired. @default - none */
    entry?: AllowListEntry;
}

/** Decision about the image of one digest. Reasons are clauses about "it", the image, without a full stop. */
export type ScanDecision =
    | { kind: "passed"; findings: JudgedFinding[] }
    | { kind: "refused"; reason: string; findings: JudgedFinding[] }
    /** There is no result yet. `isBegun` tells whether ECR knows a scan of the image. */
    | { kind: "undecided"; reason: string; isBegun: boolean };

/** States in which a scan runs, or waits for it. */
const running = ["PENDING", "IN_PROGRESS"];

/** States with findings: ACTIVE is that of images that Inspector scans continuously. */
const finished = ["COMPLETE", "ACTIVE"];

/** Reasons of the states that have no findings to trust and do not change by waiting. */
const failures: Record<string, string> = {
    FAILED: "its scan failed; start another scan, or look into the reason",
    UNSUPPORTED_IMAGE: "ECR cannot scan its operating system or format; use a base image that AWS lists as supported",
    SCAN_ELIGIBILITY_EXPIRED:
        "Inspector scans it no longer, as it is too old; build it again, or raise the re-scan duration",
    FINDINGS_UNAVAILABLE: "its findings cannot be read; look at the scanning of the registry, and at Inspector",
    LIMIT_EXCEEDED: "a limit of the scans is exceeded; wait for a day, or have the quota raised",
    IMAGE_ARCHIVED: "it is archived, and archived images are not scanned; restore it",
};

/** Number of findings that a reason names, besides those of expired entries; the list has them all. */
const namedFindings = 10;

/**
 * Decides about the findings of a digest. ECR has reported COMPLETE before the findings of an enhanced scan were there, so such an answer
 * counts only with the numbers by severity or the time of the scan's end.
 *
 * @param pages all pages of the answer, undefined for ScanNotFoundException
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html
 * @see https://github.com/aws/aws-sdk/issues/289
 */
export function decideScan(pages: ScanAnswer[] | undefined, rules: ScanRules): ScanDecision {
    if (pages === undefined) return { kind: "undecided", reason: "ECR has no scan of it", isBegun: false };
    const { imageScanStatus, imageScanFindings } = pages[0] ?? {};
    const { status = "missing", description } = imageScanStatus ?? {};
    if (running.includes(status)) return { kind: "undecided", reason: `its scan is ${status}`, isBegun: true };
    if (!finished.includes(status)) {
        const reason = failures[status] ?? "the state of its scan is none that AWS documents; look at the image in ECR";
        return {
            kind: "refused",
            reason: `${reason} (${[status, description].filter(Boolean).join(": ")})`,
            findings: [],
        };
    }
    const { findingSeverityCounts, imageScanCompletedAt } = imageScanFindings ?? {};
    if (findingSeverityCounts === undefined && imageScanCompletedAt === undefined) {
        return { kind: "undecided", reason: `its scan is ${status} without a result`, isBegun: true };
    }
    return decideFindings(findingsOf(pages), findingSeverityCounts ?? {}, rules);
}

function decideFindings(found: Finding[], counts: Record<string, number>, rules: ScanRules): ScanDecision {
    const findings = found
        .map((finding) => judge(finding, rules))
        .sort((one, other) => rankOf(other.severity) - rankOf(one.severity) || (one.id < other.id ? -1 : 1));
    const refused = findings.filter(({ verdict }) => verdict === "refused");
    if (refused.length > 0) return { kind: "refused", reason: refusal(refused, rules), findings };
    const counted = Object.entries(counts).filter(
        ([severity, count]) => count > 0 && reaches(severity, rules.threshold),
    );
    if (counted.length > 0 && findings.length === 0) {
        const numbers = counted.map(([severity, count]) => `${count} ${severity}`).join(", ");
        return { kind: "undecided", reason: `ECR counts findings of it (${numbers}) and lists none`, isBegun: true };
    }
    return { kind: "passed", findings };
}

function judge(finding: Finding, { threshold, allowList, today }: ScanRules): JudgedFinding {
    const entry = allowList.find(({ id }) => id === finding.id);
    const named = entry === undefined ? {} : { entry };
    if (!reaches(finding.severity, threshold)) return { ...finding, verdict: "belowThreshold", ...named };
    // Days in this form compare as texts.
    const isAllowed = entry !== undefined && today <= entry.expires;
    return { ...finding, verdict: isAllowed ? "allowed" : "refused", ...named };
}

function refusal(refused: JudgedFinding[], { threshold }: ScanRules): string {
    const expired = refused.flatMap(({ id, entry }) => (entry ? [`${id} (allowed until ${entry.expires})`] : []));
    const others = refused.filter(({ entry }) => entry === undefined).map(({ id }) => id);
    // A basic scan has one finding for each package.
    const names = [...new Set([...expired, ...others])];
    const named = [...new Set([...expired, ...others.slice(0, namedFindings)])];
    const more = names.length > named.length ? ` and ${names.length - named.length} more` : "";
    return (
        `${names.length === 1 ? "a finding" : `${names.length} findings`} of ${threshold} or above: ` +
        `${named.join(", ")}${more}; ` +
        "update what has a fix, or put the id into the allow list with a reason and a last day"
    );
}
