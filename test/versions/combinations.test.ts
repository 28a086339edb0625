import assert from "node:assert/strict";
import { type Combination, combinationsOf, type Manifest, newestOf, titleOf } from "./combinations";

const manifest: Manifest = {
    engines: { node: "^20.1.0 || >=22.2.0" },
    devDependencies: { "@pulumi/pulumi": "3.5.0", "@pulumi/aws": "7.5.0" },
    peerDependencies: { "@pulumi/pulumi": "^3.1.0", "@pulumi/aws": "^7.2.0" },
};

/** Answers with the name and the range that it is asked for. */
const newest = (name: string, range: string) => Promise.resolve(`newest ${name} in ${range}`);

describe("the combinations of versions", () => {
    it("take lowest versions from the ranges of package.json, pinned ones from its pins, and newest ones from npm", async () => {
        const rows = (await combinationsOf(manifest, newest)).map((one) => [
            one.node,
            one["@pulumi/pulumi"],
            one["@pulumi/aws"],
        ]);
        assert.deepEqual(rows, [
            ["20.1.0", "3.1.0", "7.2.0"],
            ["22.2.0", "3.5.0", "7.5.0"],
            ["newest node in 22", "3.1.0", "newest @pulumi/aws in ^7.2.0"],
            ["newest node in 24", "3.1.0", "7.2.0"],
            ["newest node in 24", "newest @pulumi/pulumi in ^3.1.0", "newest @pulumi/aws in ^7.2.0"],
        ]);
    });

    const incomplete: [what: string, changed: Partial<Manifest>, message: string][] = [
        [
            "a range without a lowest version",
            { peerDependencies: { "@pulumi/pulumi": "*", "@pulumi/aws": "^7.2.0" } },
            'package.json allows "*" of @pulumi/pulumi, which has no lowest version; name one, such as ^1.2.3.',
        ],
        [
            "a release line of Node that is not supported",
            { engines: { node: ">=22.2.0" } },
            'package.json allows ">=22.2.0" of node, which has no lowest version 20; name one, such as ^1.2.3.',
        ],
    ];
    for (const [what, changed, message] of incomplete) {
        it(`are refused for ${what}`, async () => {
            await assert.rejects(combinationsOf({ ...manifest, ...changed }, newest), { message });
        });
    }

    it("have all versions in their names", () => {
        const versions: Combination = { node: "20.1.0", "@pulumi/pulumi": "3.1.0", "@pulumi/aws": "7.2.0" };
        assert.equal(titleOf(versions), "Node 20.1.0, @pulumi/pulumi 3.1.0, @pulumi/aws 7.2.0");
    });
});

describe("newestOf", () => {
    const lists: [what: string, versions: string[], newest: string | undefined][] = [
        ["compares numbers, not texts", ["3.9.0", "3.10.0", "3.2.11"], "3.10.0"],
        ["compares all parts", ["3.10.1", "3.10.12", "3.10.2"], "3.10.12"],
        ["leaves out what comes before a release", ["3.10.0", "3.11.0-alpha.x1"], "3.10.0"],
        ["finds nothing in an empty list", [], undefined],
    ];
    for (const [what, versions, newest] of lists) {
        it(what, () => assert.equal(newestOf(versions), newest));
    }
});
