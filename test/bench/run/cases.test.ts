import assert from "node:assert/strict";
import { cases } from "../../../bench/run/cases";
import { casesToBuild } from "../../../bench/run/measureAll";

const built = (...wanted: string[]) =>
    casesToBuild(cases.filter(({ name }) => wanted.includes(name))).map(({ name }) => name);

describe("bench: cases", () => {
    it("begin with a cold build, whatever was chosen", () => {
        assert.deepEqual(built("code line"), ["cold", "code line"]);
        assert.deepEqual(built("cold"), ["cold"]);
    });

    it("include what has to be built before, in the order of the table", () => {
        assert.deepEqual(built("revert"), ["cold", "dependency", "revert"]);
    });

    it("differ from one another in their source or branch, but for the one in which nothing changed", () => {
        const sources = cases.map(({ builds, isMultiPlatform }) => JSON.stringify([builds, isMultiPlatform]));
        assert.equal(new Set(sources).size, cases.length - 1);
    });
});
