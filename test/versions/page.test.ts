import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as prettier from "prettier";
import type { Combination } from "./combinations";
import { type Matrix, versionsPage } from "./page";

const root = path.resolve(__dirname, "../..");

describe("docs/versions.md", () => {
    it("has a row for each combination and suite, which says what was not run", () => {
        const versions: Combination = { node: "20.1.0", "@pulumi/pulumi": "3.1.0", "@pulumi/aws": "7.2.0" };
        const ran = { versions, passed: 7, failed: 1, skipped: 2, seconds: 90, date: "2026-01-31", machine: "2 cores" };
        const lines = versionsPage({ combinations: [versions], results: [{ ...ran, suite: "unit" }] }).split("\n");
        assert.deepEqual(lines.slice(lines.findIndex((line) => line.startsWith("|"))), [
            "| Node | @pulumi/pulumi | @pulumi/aws | suite | passed | failed | skipped | minutes | date |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            "| 20.1.0 | 3.1.0 | 7.2.0 | types | not run |  |  |  |  |",
            "| 20.1.0 | 3.1.0 | 7.2.0 | unit | 7 | 1 | 2 | 1.5 | 2026-01-31 |",
            "| 20.1.0 | 3.1.0 | 7.2.0 | engine | not run |  |  |  |  |",
            "",
            "Machine: 2 cores.",
            "",
        ]);
    });

    it("says what the kept results say", async () => {
        const matrix = JSON.parse(fs.readFileSync(path.join(__dirname, "measured.json"), "utf8")) as Matrix;
        const file = path.join(root, "docs/versions.md");
        const page = await prettier.format(versionsPage(matrix), {
            ...(await prettier.resolveConfig(file)),
            filepath: file,
        });
        assert.equal(fs.readFileSync(file, "utf8"), page);
    });
});
