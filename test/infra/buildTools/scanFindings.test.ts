import assert from "node:assert/strict";
import { findingsOf } from "../../../infra/buildTools/scanFindings";
import { answer, answers, basic, enhanced, pagesOf, vulnerable } from "../../support/scanAnswers";

describe("findingsOf", () => {
    it("reads a basic scan, which names no version with a fix", () => {
        assert.deepEqual(findingsOf(pagesOf(answers.basicScan)), [
            { id: "CVE-2026-0003", severity: "LOW", packages: [{ name: "zlib", version: "1.3" }] },
            { id: "CVE-2026-0001", severity: "CRITICAL", packages: [{ name: "openssl", version: "3.0.1" }] },
            { id: "CVE-2026-0002", severity: "UNDEFINED", packages: [{ name: "perl", version: "5.36" }] },
        ]);
    });

    it("reads an enhanced scan: all packages, with epoch and release, and the version with the fix where there is one", () => {
        assert.deepEqual(findingsOf(pagesOf(answers.enhancedScan)), [
            { id: "CVE-2026-0012", severity: "UNTRIAGED", packages: [{ name: "krb5", version: "1.20.1-1" }] },
            {
                id: "CVE-2026-0011",
                severity: "HIGH",
                packages: [
                    { name: "curl", version: "1:7.88.1-1", fixedIn: "1:7.88.1-2" },
                    { name: "lodash", version: "4.17.20", fixedIn: "4.17.21" },
                ],
            },
        ]);
    });

    it("reads all pages, and none of an answer without findings", () => {
        const later = answer("COMPLETE", undefined, { findings: [basic("CVE-2026-0051", "HIGH", "tar", "1.34")] });
        const ids = findingsOf(pagesOf(answers.enhancedContinuous, answers.inProgress, later)).map(({ id }) => id);
        assert.deepEqual(ids.sort(), ["CVE-2026-0021", "CVE-2026-0051"]);
    });

    it("leaves out what Inspector has closed, and keeps what its rules suppress", () => {
        const enhancedFindings = ["CLOSED", "SUPPRESSED"].map((status) => enhanced(status, "HIGH", [], { status }));
        const ids = findingsOf(pagesOf(answer("ACTIVE", undefined, { enhancedFindings }))).map(({ id }) => id);
        assert.deepEqual(ids, ["SUPPRESSED"]);
    });

    it("gives some name where AWS gives no vulnerability", () => {
        const bare = enhanced("", "LOW", [vulnerable("a", "1", "2")], { packageVulnerabilityDetails: undefined });
        const wire = answer("COMPLETE", undefined, { findings: [{}], enhancedFindings: [bare] });
        assert.deepEqual(findingsOf(pagesOf(wire)), [
            { id: "unnamed", severity: "", packages: [{ name: "", version: "" }] },
            { id: " - package", severity: "LOW", packages: [] },
        ]);
    });
});
