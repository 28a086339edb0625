import * as assert from "node:assert/strict";
import { parseDocument } from "../../../../local/aws/ssm/document";
import { interpolate, parameterValues } from "../../../../local/aws/ssm/parameters";

/** Renders a document of one step. */
const content = (runCommand: string[], parameters: object = {}, change: object = {}) =>
    JSON.stringify({
        schemaVersion: "2.2",
        parameters,
        mainSteps: [{ action: "aws:runShellScript", name: "run", inputs: { runCommand } }],
        ...change,
    });

const digest = { type: "String", allowedPattern: "^sha256:[0-9a-f]{4}$", interpolationType: "ENV_VAR" };
const service = { type: "String", default: "go" };

describe("documents of Systems Manager", () => {
    const refused: [what: string, content: string, code: string, message: RegExp][] = [
        ["no JSON", "{", "InvalidDocumentContent", /not well-formed/],
        ["another schema", content([], {}, { schemaVersion: "1.2" }), "InvalidDocumentContent", /^schemaVersion: /],
        ["an unknown parameter", content(["echo {{Name}}"]), "InvalidDocumentContent", /\{\{Name\}\} refers to no/],
        ["other braces", content(["docker ps --format '{{.ID}}'"]), "InvalidDocumentContent", /^\{\{ may only stand/],
        ["more than 64 KB", content(["#".repeat(65_536)]), "MaxDocumentSizeExceeded", /64 KB/],
    ];
    for (const [what, text, code, message] of refused) {
        it(`are refused with ${what}`, () => assert.throws(() => parseDocument(text), { code, message }));
    }

    const document = parseDocument(content(["echo {{Digest}} {{ Service }}"], { Digest: digest, Service: service }));

    it("take values that match, and their defaults", () => {
        assert.deepEqual(parameterValues(document, { Digest: ["sha256:12ab"] }), {
            Digest: "sha256:12ab",
            Service: "go",
        });
    });

    const wrong: [given: Record<string, string[]>, message: RegExp][] = [
        [{}, /^Parameter Digest requires a value/],
        [{ Digest: ["latest"] }, /^Parameter Digest has the value "latest", which does not match /],
        [{ Digest: ["sha256:12ab", "sha256:12ab"] }, /^Parameter Digest takes one value/],
        [{ Digest: ["sha256:12ab"], Other: ["x"] }, /^Parameter Other is not defined/],
    ];
    for (const [given, message] of wrong) {
        it(`refuse ${JSON.stringify(given)}`, () =>
            assert.throws(() => parameterValues(document, given), { code: "InvalidParameters", message }));
    }

    it("hand values over as variables to an agent that knows them, and in the text to others", () => {
        const values = { Digest: "sha256:12ab", Service: "go" };
        assert.deepEqual(interpolate(document, document.mainSteps[0]!, values, true), {
            script: "echo ${SSM_Digest} go",
            environment: { SSM_Digest: "sha256:12ab" },
        });
        assert.deepEqual(interpolate(document, document.mainSteps[0]!, values, false), {
            script: "echo sha256:12ab go",
            environment: {},
        });
    });
});
