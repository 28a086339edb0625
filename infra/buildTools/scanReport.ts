import type { JudgedFinding } from "./scanDecision";
import type { FoundPackage } from "./scanFindings";

const heading = ["severity", "id", "package", "version", "fixed in", "allowed"];

/** Renders findings as lines of a table, one for each package of a finding; no lines without findings. */
export function findingLines(findings: JudgedFinding[]): string[] {
    if (findings.length === 0) return [];
    const rows = findings.flatMap((finding) => {
        const packages: FoundPackage[] = finding.packages.length > 0 ? finding.packages : [{ name: "", version: "" }];
        return packages.map(({ name, version, fixedIn = "" }) =>
            [finding.severity, finding.id, name, version, fixedIn, allowance(finding)].map((text) => text || "-"),
        );
    });
    const table = [heading, ...rows];
    const widths = heading.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
    return table.map((row) =>
        row
            .map((text, column) => text.padEnd(widths[column]!))
            .join("  ")
            .trimEnd(),
    );
}

function allowance({ verdict, entry }: JudgedFinding): string {
    if (verdict === "belowThreshold") return "below the threshold";
    if (entry === undefined) return "no";
    const { expires, reason } = entry;
    // A reason is one line of the log, whatever it holds.
    return `${verdict === "allowed" ? "until" : "no, only until"} ${expires}: ${reason.replace(/\s+/g, " ").trim()}`;
}
