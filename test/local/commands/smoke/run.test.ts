import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { sampleApplication } from "../../../../local/commands/smoke/run";

describe("smoke: the sample application", () => {
    it("has the word that is changed in a text of its code, so that the change is one of the image", () => {
        const { folder, file, word } = sampleApplication;
        const code = fs.readFileSync(path.join(folder, file), "utf8");
        assert.equal(code.split(word).length, 2);
        assert.match(code, new RegExp(`return "${word}"`));
    });
});
