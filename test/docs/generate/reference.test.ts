import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { outputs } from "../../../docs/generate/outputs";
import { referencePage } from "../../../docs/generate/reference";
import { readSources, referenceFile } from "../../../docs/generate/sources";
import { mockPulumi } from "../../../local/mocks/mockPulumi";

const program = path.resolve(__dirname, "../../../infra/index.ts");

describe("docs/reference.md", () => {
    it("is as `npm run docs` writes it", async () => {
        const page = await referencePage(referenceFile, await readSources());
        assert.equal(fs.readFileSync(referenceFile, "utf8"), page, "docs/reference.md is out of date: npm run docs");
    });

    it("describes every output of the program, and no other", async () => {
        // GIVEN a mocked engine
        const world = await mockPulumi();
        const load = createRequire(__filename);
        delete load.cache[program];
        // WHEN the program runs
        const names = Object.keys(load(program) as object);
        await world.settle();
        // THEN it has the outputs that the page describes
        assert.deepEqual(Object.keys(outputs).sort(), names.sort());
    });

    it("is refused for a declaration that the schema does not have", async () => {
        const { declarations, schema } = await readSources();
        const colour = { type: "string", default: "", description: "Colour." };
        await assert.rejects(referencePage(referenceFile, { declarations: { ...declarations, colour }, schema }), {
            message: "Pulumi.yaml declares colour, which is not a setting.",
        });
    });
});
