import * as path from "node:path";
import type { Examination, Finding } from "./examine";
import type { Measurement } from "./rule";

/** Page that explains the rules, below the folder of Pulumi.yaml. */
const documentation = "docs/doctor.md";

/** Describes a rule's measurement, such as `21 MB read from the registry instead of 0, after a changed line of code`. */
export function describeMeasurement({ what, when, against, following }: Measurement): string {
    return `${against} ${what} instead of ${following}, ${when}`;
}

/** Renders all findings with their reasons and remedies, one paragraph each. */
export function explainFindings(findings: Finding[], dockerfileText: string): string {
    const lines = dockerfileText.split(/\r?\n/);
    return findings
        .map(({ rule, line }) =>
            [
                `line ${line}: ${rule.id}`,
                `    ${(lines[line - 1] ?? "").trim()}`,
                `  ${rule.consequence}`,
                `  Instead: ${rule.remedy}`,
                `  Measured: ${describeMeasurement(rule.measured)}.`,
            ].join("\n"),
        )
        .join("\n\n");
}

/** Renders all findings in one sentence, with the command that explains them. */
export function summarizeFindings(findings: Finding[], examination: Examination): string {
    const { dockerfile, context, target } = examination;
    const options = [
        ...(context === path.dirname(dockerfile) ? [] : [` --context ${context}`]),
        ...(target === undefined ? [] : [` --target ${target}`]),
    ].join("");
    const list = findings.map(({ rule, line }) => `${rule.id} (line ${line})`).join(", ");
    return `${dockerfile} could be better: ${list}. \`npm run doctor -- ${dockerfile}${options}\` says why and what to do; see also ${documentation}.`;
}
