import assert from "node:assert/strict";
import { rankOf, reaches, type Severity } from "../../../infra/buildTools/severity";

describe("the severities of findings", () => {
    const all = ["INFORMATIONAL", "LOW", "MEDIUM", "UNDEFINED", "UNTRIAGED", "HIGH", "CRITICAL", "NEW", ""];
    const reached: Record<Severity, string[]> = {
        INFORMATIONAL: all,
        LOW: all.slice(1),
        MEDIUM: all.slice(2),
        HIGH: ["HIGH", "CRITICAL", "NEW", ""],
        CRITICAL: ["CRITICAL", "NEW", ""],
    };
    for (const [threshold, severities] of Object.entries(reached)) {
        it(`reach ${threshold}: itself and above, those nobody has rated up to MEDIUM, and unknown words`, () => {
            assert.deepEqual(
                all.filter((severity) => reaches(severity, threshold as Severity)),
                severities,
            );
        });
    }

    it("have ranks in AWS's order", () => {
        assert.deepEqual(["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL", "NEW"].map(rankOf), [0, 1, 2, 3, 4, 5]);
    });
});
