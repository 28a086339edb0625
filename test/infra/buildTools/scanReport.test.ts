import assert from "node:assert/strict";
import { findingLines } from "../../../infra/buildTools/scanReport";

describe("the list of findings", () => {
    const entry = { id: "CVE-2", reason: "No shell\nin the image.", expires: "2026-12-31" };

    it("has a line for each package, with the version that has a fix, and what is allowed until when and why", () => {
        const lines = findingLines([
            {
                id: "CVE-1",
                severity: "CRITICAL",
                packages: [{ name: "openssl", version: "3.0.1" }],
                verdict: "refused",
            },
            {
                id: "CVE-2",
                severity: "HIGH",
                packages: [
                    { name: "bash", version: "5.2-1", fixedIn: "5.2-2" },
                    { name: "dash", version: "0.5" },
                ],
                verdict: "allowed",
                entry,
            },
            {
                id: "CVE-3",
                severity: "HIGH",
                packages: [],
                verdict: "refused",
                entry: { ...entry, expires: "2026-01-01" },
            },
            { id: "CVE-4", severity: "", packages: [{ name: "a", version: "1" }], verdict: "belowThreshold" },
        ]);
        assert.deepEqual(lines, [
            "severity  id     package  version  fixed in  allowed",
            "CRITICAL  CVE-1  openssl  3.0.1    -         no",
            "HIGH      CVE-2  bash     5.2-1    5.2-2     until 2026-12-31: No shell in the image.",
            "HIGH      CVE-2  dash     0.5      -         until 2026-12-31: No shell in the image.",
            "HIGH      CVE-3  -        -        -         no, only until 2026-01-01: No shell in the image.",
            "-         CVE-4  a        1        -         below the threshold",
        ]);
    });

    it("is empty without findings", () => {
        assert.deepEqual(findingLines([]), []);
    });
});
