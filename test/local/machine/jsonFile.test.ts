import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { z } from "zod";
import { readJsonFile, writeJsonFile } from "../../../local/machine/jsonFile";
import { makeTemporaryFolder } from "../world/toolchain/temporaryFolder";

describe("JSON files", () => {
    let folder: string;
    beforeEach(async () => (folder = await makeTemporaryFolder()));
    afterEach(() => fs.rm(folder, { recursive: true }));

    it("are read by the owner only, whatever was there before", async () => {
        const file = path.join(folder, "x.json");
        await fs.writeFile(file, "{", { mode: 0o666 });
        await fs.writeFile(`${file}.new`, "{", { mode: 0o666 });
        await writeJsonFile(file, { a: 1 });
        assert.deepEqual(await readJsonFile(file, z.object({ a: z.number() })), { a: 1 });
        assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
    });

    for (const content of ["", "{", "[]", '{"a":"1"}']) {
        it(`count as not there when they hold ${JSON.stringify(content)}`, async () => {
            const file = path.join(folder, "x.json");
            await fs.writeFile(file, content);
            assert.equal(await readJsonFile(file, z.object({ a: z.number() })), undefined);
        });
    }
});
