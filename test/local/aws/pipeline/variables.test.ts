import assert from "node:assert/strict";
import { resolveConfiguration, resolveText } from "../../../../local/aws/pipeline/variables";

const namespaces = { build: { IMAGE: "app@sha256:1", TAG: "" }, source: {} };

describe("variables of a pipeline", () => {
    const cases: [text: string, resolved: string][] = [
        ["plain", "plain"],
        ["#{build.IMAGE}", "app@sha256:1"],
        ["a #{build.IMAGE} b #{build.TAG}.", "a app@sha256:1 b ."],
        ["#{IMAGE} $build.IMAGE #build.IMAGE", "#{IMAGE} $build.IMAGE #build.IMAGE"],
    ];
    for (const [text, resolved] of cases) {
        it(`turn ${text} into ${resolved}`, () => assert.equal(resolveText(text, namespaces), resolved));
    }

    const faults: [text: string, message: string][] = [
        ["#{build.DIGEST}", "The variable #{build.DIGEST} could not be resolved: build has IMAGE, TAG."],
        ["#{source.CommitId}", "The variable #{source.CommitId} could not be resolved: source has no variables."],
        [
            "#{test.IMAGE}",
            "The variable #{test.IMAGE} could not be resolved: no action with the namespace test has succeeded before.",
        ],
    ];
    for (const [text, message] of faults) {
        it(`are refused: ${message}`, () => assert.throws(() => resolveText(text, namespaces), { message }));
    }

    it("are resolved in every value of a configuration, and values are not resolved again", () => {
        assert.deepEqual(resolveConfiguration({ a: "#{build.A}", b: "b" }, { build: { A: "#{build.B}" } }), {
            a: "#{build.B}",
            b: "b",
        });
    });
});
