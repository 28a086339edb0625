import assert from "node:assert/strict";
import { examineText } from "../../../infra/doctor/examine";
import { rules } from "../../../infra/doctor/rules";
import { inputCases } from "./inputCases";
import { layerCases } from "./layerCases";
import type { RuleCase } from "./ruleCase";

const folders = new Set(["app", "src", "packages"]);

function found({ lines, isBare, sendsGit, buildArgs, target, layeredStages }: RuleCase): string[] {
    const files = {
        isDirectory: (source: string) => folders.has(source),
        hasIgnoreFile: !isBare,
        sendsGit: sendsGit ?? false,
    };
    const findings = examineText(lines.join("\n"), files, { target, buildArgs, layeredStages });
    return findings.map(({ rule, line }) => `${line}: ${rule.id}`);
}

const cases = { ...layerCases, ...inputCases };

describe("the Dockerfile doctor finds", () => {
    for (const [rule, list] of Object.entries(cases)) {
        describe(rule, () => {
            for (const one of list) {
                it(one.title, () => assert.deepEqual(found(one), one.findings ?? []));
            }
        });
    }

    it("nothing without a test", () => {
        assert.deepEqual(
            rules.map(({ id }) => id),
            Object.keys(cases),
        );
    });
});
