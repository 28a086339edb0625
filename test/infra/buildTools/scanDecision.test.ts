import assert from "node:assert/strict";
import { decideScan, type ScanRules } from "../../../infra/buildTools/scanDecision";
import type { Severity } from "../../../infra/buildTools/severity";
import { answer, answers, basic, enhanced, pagesOf, type WireAnswer } from "../../support/scanAnswers";

const rules = (threshold: Severity, allowed: Record<string, string> = {}): ScanRules => ({
    threshold,
    allowList: Object.entries(allowed).map(([id, expires]) => ({ id, reason: "Not reachable.", expires })),
    today: "2026-08-05",
});
const remedy = "update what has a fix, or put the id into the allow list with a reason and a last day";

/** Sums a decision up: its kind, its reason, and the verdict on each finding. */
const decide = (pages: WireAnswer[] | undefined, with_: ScanRules) => {
    const decision = decideScan(pages && pagesOf(...pages), with_);
    return {
        kind: decision.kind,
        reason: "reason" in decision ? decision.reason : undefined,
        verdicts: "findings" in decision ? decision.findings.map(({ id, verdict }) => `${id} ${verdict}`) : undefined,
    };
};

describe("the decision about the findings of a digest", () => {
    const passed: [what: string, wire: WireAnswer, rules: ScanRules, verdicts: string[]][] = [
        ["a basic scan that found nothing", answers.basicClean, rules("INFORMATIONAL"), []],
        [
            "a continuous scan with findings below the threshold",
            answers.enhancedContinuous,
            rules("HIGH"),
            ["CVE-2026-0021 belowThreshold"],
        ],
        [
            "findings that are allowed, on the last day of an entry too",
            answers.basicScan,
            rules("HIGH", { "CVE-2026-0001": "2026-08-05" }),
            ["CVE-2026-0001 allowed", "CVE-2026-0002 belowThreshold", "CVE-2026-0003 belowThreshold"],
        ],
        [
            "an enhanced scan without a time, whose unrated finding does not reach HIGH",
            answers.enhancedScan,
            rules("HIGH", { "CVE-2026-0011": "2027-01-01" }),
            ["CVE-2026-0011 allowed", "CVE-2026-0012 belowThreshold"],
        ],
        [
            "a finding that Inspector has closed",
            answer("ACTIVE", undefined, {
                enhancedFindings: [
                    enhanced("CVE-2026-0031", "CRITICAL", [], { status: "CLOSED" }),
                    enhanced("CVE-2026-0032", "LOW", []),
                ],
                findingSeverityCounts: { LOW: 1 },
            }),
            rules("HIGH"),
            ["CVE-2026-0032 belowThreshold"],
        ],
    ];
    for (const [what, wire, with_, verdicts] of passed) {
        it(`passes ${what}`, () => {
            assert.deepEqual(decide([wire], with_), { kind: "passed", reason: undefined, verdicts });
        });
    }

    const refused: [what: string, wire: WireAnswer[], rules: ScanRules, reason: string, verdicts: string[]][] = [
        [
            "a finding of a basic scan, and names it",
            [answers.basicScan],
            rules("HIGH"),
            `a finding of HIGH or above: CVE-2026-0001; ${remedy}`,
            ["CVE-2026-0001 refused", "CVE-2026-0002 belowThreshold", "CVE-2026-0003 belowThreshold"],
        ],
        [
            "findings that nobody has rated, from MEDIUM down",
            [answers.enhancedScan],
            rules("MEDIUM"),
            `2 findings of MEDIUM or above: CVE-2026-0011, CVE-2026-0012; ${remedy}`,
            ["CVE-2026-0011 refused", "CVE-2026-0012 refused"],
        ],
        [
            "a finding whose entry has expired the day before, and names the entry first",
            [answers.enhancedScan],
            rules("MEDIUM", { "CVE-2026-0012": "2026-08-04" }),
            `2 findings of MEDIUM or above: CVE-2026-0012 (allowed until 2026-08-04), CVE-2026-0011; ${remedy}`,
            ["CVE-2026-0011 refused", "CVE-2026-0012 refused"],
        ],
        [
            "a finding that Inspector's rules suppress, since the allow list alone accepts",
            [
                answer("ACTIVE", undefined, {
                    enhancedFindings: [enhanced("CVE-2026-0041", "CRITICAL", [], { status: "SUPPRESSED" })],
                    findingSeverityCounts: {},
                }),
            ],
            rules("CRITICAL"),
            `a finding of CRITICAL or above: CVE-2026-0041; ${remedy}`,
            ["CVE-2026-0041 refused"],
        ],
        [
            "a finding of a later page",
            [
                answers.basicClean,
                answer("COMPLETE", undefined, { findings: [basic("CVE-2026-0051", "HIGH", "tar", "1.34")] }),
            ],
            rules("HIGH"),
            `a finding of HIGH or above: CVE-2026-0051; ${remedy}`,
            ["CVE-2026-0051 refused"],
        ],
        [
            "a vulnerability of two packages once, and a severity that AWS does not document",
            [
                answer("COMPLETE", undefined, {
                    findings: ["a", "b"].map((name) => basic("CVE-2026-0061", "SEVERE", name, "1")),
                    findingSeverityCounts: { SEVERE: 2 },
                }),
            ],
            rules("CRITICAL"),
            `a finding of CRITICAL or above: CVE-2026-0061; ${remedy}`,
            ["CVE-2026-0061 refused", "CVE-2026-0061 refused"],
        ],
        [
            "many findings, and names ten of them",
            [
                answer("COMPLETE", undefined, {
                    findings: Array.from({ length: 12 }, (_, index) => basic(`CVE-${index + 10}`, "HIGH", "a", "1")),
                    findingSeverityCounts: { HIGH: 12 },
                }),
            ],
            rules("HIGH"),
            `12 findings of HIGH or above: ${Array.from({ length: 10 }, (_, index) => `CVE-${index + 10}`).join(", ")} and 2 more; ${remedy}`,
            Array.from({ length: 12 }, (_, index) => `CVE-${index + 10} refused`),
        ],
    ];
    for (const [what, wire, with_, reason, verdicts] of refused) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(decide(wire, with_), { kind: "refused", reason, verdicts });
        });
    }

    const failures: [wire: WireAnswer, reason: string][] = [
        [
            answers.failed,
            "its scan failed; start another scan, or look into the reason (FAILED: UnsupportedImageError: The operating system and/or package manager are not supported.)",
        ],
        [
            answers.unsupportedImage,
            "ECR cannot scan its operating system or format; use a base image that AWS lists as supported (UNSUPPORTED_IMAGE: Unsupported image.)",
        ],
        [
            answers.eligibilityExpired,
            "Inspector scans it no longer, as it is too old; build it again, or raise the re-scan duration (SCAN_ELIGIBILITY_EXPIRED: The scan eligibility expired.)",
        ],
        [
            answers.findingsUnavailable,
            "its findings cannot be read; look at the scanning of the registry, and at Inspector (FINDINGS_UNAVAILABLE)",
        ],
        [
            answers.limitExceeded,
            "a limit of the scans is exceeded; wait for a day, or have the quota raised (LIMIT_EXCEEDED)",
        ],
        [answers.archived, "it is archived, and archived images are not scanned; restore it (IMAGE_ARCHIVED)"],
        [answer("NEW"), "the state of its scan is none that AWS documents; look at the image in ECR (NEW)"],
        [{}, "the state of its scan is none that AWS documents; look at the image in ECR (missing)"],
    ];
    for (const [wire, reason] of failures) {
        it(`refuses an image without findings to trust: ${reason}`, () => {
            assert.deepEqual(decide([wire], rules("CRITICAL")), { kind: "refused", reason, verdicts: [] });
        });
    }

    const counted = answer("COMPLETE", undefined, {
        findings: [],
        findingSeverityCounts: { CRITICAL: 1, HIGH: 2, LOW: 3 },
    });
    const undecided: [what: string, wire: WireAnswer[] | undefined, reason: string, isBegun: boolean][] = [
        ["there is no scan", undefined, "ECR has no scan of it", false],
        ["a scan waits", [answers.pending], "its scan is PENDING", true],
        ["a scan runs", [answers.inProgress], "its scan is IN_PROGRESS", true],
        [
            "ECR says COMPLETE without a result",
            [answers.completeTooSoon],
            "its scan is COMPLETE without a result",
            true,
        ],
        ["ECR says ACTIVE without a result", [answer("ACTIVE")], "its scan is ACTIVE without a result", true],
        [
            "ECR counts and does not list",
            [counted],
            "ECR counts findings of it (1 CRITICAL, 2 HIGH) and lists none",
            true,
        ],
    ];
    for (const [what, wire, reason, isBegun] of undecided) {
        it(`waits while ${what}`, () => {
            assert.deepEqual(decideScan(wire && pagesOf(...wire), rules("HIGH")), {
                kind: "undecided",
                reason,
                isBegun,
            });
        });
    }
});
