import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { contentTag } from "../../../../local/world/base-images/contentTag";

describe("contentTag", () => {
    let folder: string;
    let sources: { goRoot: string; busybox: string };

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "content-tag-"));
        sources = { goRoot: folder, busybox: path.join(folder, "busybox") };
        fs.writeFileSync(path.join(folder, "VERSION"), "go1.26.8");
        fs.writeFileSync(sources.busybox, "executable");
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    it("is a tag, the same each time, and another one for each image", async () => {
        const golang = await contentTag("golang", sources);
        assert.match(golang, /^sha-[0-9a-f]{16}$/);
        assert.equal(await contentTag("golang", sources), golang);
        assert.notEqual(await contentTag("busybox", sources), golang);
    });

    const changes: [file: string, moved: { golang: boolean; busybox: boolean }][] = [
        ["VERSION", { golang: true, busybox: false }],
        ["busybox", { golang: true, busybox: true }],
    ];
    for (const [file, moved] of changes) {
        it(`follows a change of ${file} where it matters`, async () => {
            const before = [await contentTag("golang", sources), await contentTag("busybox", sources)];
            fs.appendFileSync(path.join(folder, file), "x");
            const after = [await contentTag("golang", sources), await contentTag("busybox", sources)];
            assert.deepEqual(
                after.map((tag, index) => tag !== before[index]),
                [moved.golang, moved.busybox],
            );
        });
    }

    it("names the file that is missing", async () => {
        fs.rmSync(sources.busybox);
        await assert.rejects(contentTag("busybox", sources), { code: "ENOENT", path: sources.busybox });
    });
});
