import assert from "node:assert/strict";
import type { Combination } from "./combinations";
import { chosenCombinations, parseVersionsOptions } from "./options";

describe("the options of npm run versions", () => {
    it("are all combinations and suites by default", () => {
        assert.deepEqual(parseVersionsOptions([]), { only: "", suites: ["types", "unit", "engine"] });
    });

    it("limit the combinations and the suites, which keep their order", () => {
        const args = ["--only", "Node 24", "--suite", "unit", "--suite", "types"];
        assert.deepEqual(parseVersionsOptions(args), { only: "node 24", suites: ["types", "unit"] });
    });

    const combinations: Combination[] = ["20.1.0", "24.2.0"].map((node) => ({
        ...{ node, "@pulumi/pulumi": "3.1.0", "@pulumi/aws": "7.2.0" },
    }));

    it("choose combinations by a part of their names", () => {
        assert.deepEqual(chosenCombinations(combinations, "node 24"), combinations.slice(1));
        assert.deepEqual(chosenCombinations(combinations, "aws 7"), combinations);
    });

    it("are refused with the allowed values", () => {
        assert.throws(() => parseVersionsOptions(["--suite", "e2e"]), {
            message: '--suite is "e2e"; allowed: types, unit, engine.',
        });
        assert.throws(() => chosenCombinations(combinations, "node 18"), {
            message:
                '--only is "node 18"; allowed: a part of one of these:\n' +
                "Node 20.1.0, @pulumi/pulumi 3.1.0, @pulumi/aws 7.2.0\n" +
                "Node 24.2.0, @pulumi/pulumi 3.1.0, @pulumi/aws 7.2.0",
        });
    });
});
