import assert from "node:assert/strict";
import * as fc from "fast-check";
import { SecretMask } from "../../../../local/aws/codebuild/masking";

function masked(secrets: string[], parts: string[]): string {
    const mask = new SecretMask();
    mask.add(secrets);
    return parts.map((part) => mask.take(part)).join("") + mask.rest();
}

describe("codebuild: masking", () => {
    const cases: [what: string, secrets: string[], parts: string[], shown: string][] = [
        ["a secret", ["s3cr3t"], ["the s3cr3t word"], "the *** word"],
        ["a secret in two parts", ["s3cr3t"], ["the s3c", "r3t word"], "the *** word"],
        ["a secret byte by byte", ["abc"], [..."xabcx"], "x***x"],
        ["a secret over several lines", ["a\nb"], ["1a\n", "b2"], "1***2"],
        ["the longer of two that begin alike", ["abc", "abcdef"], ["abc", "def abc"], "*** ***"],
        ["special characters of patterns", ["a.*[b"], ["a.*[b axx[b"], "*** axx[b"],
        ["what only begins like a secret", ["s3cr3t"], ["s3cr", "eam"], "s3cream"],
        ["nothing for empty values", [""], ["text"], "text"],
    ];
    for (const [what, secrets, parts, shown] of cases) {
        it(`hides ${what}`, () => assert.equal(masked(secrets, parts), shown));
    }

    it("shows the same however the text is cut, and never a secret", () => {
        const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 5 });
        fc.assert(
            fc.property(fc.array(letters, { minLength: 1, maxLength: 3 }), fc.array(letters), (secrets, parts) => {
                const shown = masked(secrets, parts);
                assert.equal(shown, masked(secrets, [parts.join("")]));
                for (const secret of secrets) assert.ok(!shown.includes(secret), `${shown} shows ${secret}`);
            }),
        );
    });
});
