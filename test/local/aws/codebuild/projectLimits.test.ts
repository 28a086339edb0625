import assert from "node:assert/strict";
import { exceededLimit, type LimitedSettings } from "../../../../local/aws/codebuild/projectLimits";

describe("limits of a project", () => {
    const cases: [what: string, settings: LimitedSettings, expected: string | undefined][] = [
        ["nothing given", {}, undefined],
        [
            "just at the limits",
            { environmentVariables: [{ name: "A", value: "a".repeat(4096) }], buildspec: "b".repeat(25_600) },
            undefined,
        ],
        [
            "several variables that are long together",
            { environmentVariables: ["A", "B"].map((name) => ({ name, value: "a".repeat(4000) })) },
            undefined,
        ],
        [
            "a variable above",
            {
                environmentVariables: [
                    { name: "A", value: "" },
                    { name: "LIST", value: "a".repeat(4097) },
                ],
            },
            "The variable LIST has 4097 characters and may have 4096; put the value into an object in S3 or a parameter.",
        ],
        [
            "a buildspec above",
            { buildspec: "b".repeat(25_601) },
            "The buildspec has 25601 characters and may have 25600 within a project; put it into the source or into S3.",
        ],
    ];
    for (const [what, settings, expected] of cases) {
        it(what, () => assert.equal(exceededLimit(settings), expected));
    }
});
