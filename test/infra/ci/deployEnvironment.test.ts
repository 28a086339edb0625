import assert from "node:assert/strict";
import fc from "fast-check";
import { deployEnvironment, type NamedOutputs } from "../../../infra/ci/deployEnvironment";

describe("deployEnvironment", () => {
    const app = (outputs: NamedOutputs["outputs"]): NamedOutputs => ({ name: "app", outputs });
    const table: [
        what: string,
        images: NamedOutputs[],
        shared: Record<string, string | undefined>,
        expected: string,
    ][] = [
        ["nothing", [], {}, ""],
        ["the first image under plain names", [app({ imageUri: "a@sha256:1" })], {}, "IMAGE_URI=a@sha256:1\n"],
        [
            "further images under their names",
            [app({ imageUri: "a" }), { name: "data-worker", outputs: { imageUri: "b", imageTagParameter: "/x" } }],
            {},
            "IMAGE_URI=a\nIMAGE_URI_DATA_WORKER=b\nIMAGE_TAG_PARAMETER_DATA_WORKER=/x\n",
        ],
        ["what images share, last", [app({ imageUri: "a" })], { buildRoleArn: "b" }, "IMAGE_URI=a\nBUILD_ROLE_ARN=b\n"],
        [
            "no line for what is undefined",
            [app({ imageTag: undefined, imageUri: "a" })],
            { buildRoleArn: undefined },
            "IMAGE_URI=a\n",
        ],
        ["empty values", [app({ imageTag: "" })], {}, "IMAGE_TAG=\n"],
        ["every character that needs no quoting", [], { value: "aZ0_@%+=:,./-" }, "VALUE=aZ0_@%+=:,./-\n"],
    ];
    for (const [what, images, shared, expected] of table) {
        it(`writes ${what}`, () => assert.equal(deployEnvironment(images, shared), expected));
    }

    for (const value of [
        "a b",
        "a\nB=c",
        "$HOME",
        "`id`",
        '"a"',
        "'a'",
        "a#b",
        "a\\b",
        "a;b",
        "é",
        "a&b",
        "*",
        "~",
        "a\n",
    ]) {
        it(`refuses ${JSON.stringify(value)}`, () => {
            assert.throws(
                () => deployEnvironment([app({ imageUri: value })], {}),
                new Error(
                    `Output imageUri is ${JSON.stringify(value)}; ` +
                        "a dotenv line takes letters, digits and _ @ % + = : , . / - only.",
                ),
            );
        });
    }

    it("gives each output of each image a variable of its own, for all names that images may have", () => {
        const outputs = ["repositoryUrl", "imageUri", "imageDigest", "imageTag", "cacheRef", "imageTagParameter"];
        // Names of images that infra/config/settings.ts allows.
        const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/).filter((text) => text !== "parameter");
        fc.assert(
            fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), (names) => {
                const images = names.map((image) => ({
                    name: image,
                    outputs: Object.fromEntries(outputs.map((key) => [key, "x"])),
                }));
                const lines = deployEnvironment(images, {}).trimEnd().split("\n");
                assert.equal(lines.length, outputs.length * names.length);
                assert.equal(new Set(lines).size, lines.length);
                assert.ok(lines.every((line) => /^[A-Z][A-Z0-9_]*=x$/.test(line)));
            }),
        );
    });
});
