import assert from "node:assert/strict";
import { ciProblems } from "../../../infra/config/ciProblems";

const from = { environment: "dev", accountId: "210987654321" };
const to = { accountId: "210987654321", repositoryName: "shop-prod" };
type Input = Parameters<typeof ciProblems>[1];
const built: Input["image"] = { source: "build" };

/** Settings, with the sentences about them. */
const table: [what: string, settings: Input, ...problems: string[]][] = [
    ["no jobs", { ci: undefined, image: built }],
    ["an environment of the account", { ci: { promoteFrom: { environment: "dev", bucketName: "b" } }, image: built }],
    ["an environment of another account", { ci: { promoteFrom: from }, image: { source: "digest" } }],
    ["copies of built images to another account", { ci: { promoteTo: to }, image: built }],
    [
        "reading another account",
        { ci: { promoteFrom: { ...from, bucketName: "proofs" } }, image: { source: "digest" } },
        'shop:ci.promoteFrom.bucketName is "proofs"; allowed: no value with accountId, whose account copies the images by its own role',
    ],
    [
        "copies of images that others built",
        { ci: { promoteTo: to }, image: { source: "digest" } },
        'shop:image.source is "digest"; allowed: build, with ci.promoteTo, which copies what this stack built',
    ],
];

describe("ciProblems", () => {
    for (const [what, settings, ...problems] of table) {
        it(`${problems.length === 0 ? "has nothing against" : "refuses"} ${what}`, () => {
            assert.deepEqual(ciProblems("shop", settings), problems);
        });
    }
});
