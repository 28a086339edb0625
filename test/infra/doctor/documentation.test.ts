import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describeMeasurement } from "../../../infra/doctor/describe";
import { rules } from "../../../infra/doctor/rules";

const page = path.resolve(__dirname, "../../../docs/doctor.md");

describe("docs/doctor.md", () => {
    it("has the rules as they are, with what was measured", () => {
        const rows = readFileSync(page, "utf8")
            .split("\n")
            .filter((line) => line.startsWith("| `"))
            .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| |\|$/g, "").trim()));
        assert.deepEqual(
            rows,
            rules.map((rule) => [
                `\`${rule.id}\``,
                rule.consequence,
                rule.remedy.replaceAll("|", "\\|"),
                describeMeasurement(rule.measured),
            ]),
        );
    });
});
