import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { hasWheels } from "../../../bench/packages/publishedWheels";
import { writeWheelIndex } from "../../../bench/packages/wheelIndex";

const hashOf = (content: string) => createHash("sha256").update(content).digest("hex");

describe("bench: wheels of the package index", () => {
    let folder: string;
    beforeEach(async () => {
        folder = await fs.mkdtemp(path.join(os.tmpdir(), "wheels-"));
    });
    afterEach(() => fs.rm(folder, { recursive: true }));

    const write = (name: string, content: string) => fs.writeFile(path.join(folder, name), content);
    const requirement = (name: string, ...contents: string[]) =>
        [name, ...contents.map((content) => `    --hash=sha256:${hashOf(content)}`)].join(" \\\n") + "\n";

    it("are all there when each requirement has one file, with a hash that is named", async () => {
        const before = requirement("one==1.0", "one", "one for another machine") + requirement("two-a==2.0", "two");
        const after = requirement("one==1.1", "newer") + requirement("two-a==2.0", "two");
        assert.equal(await hasWheels(path.join(folder, "missing"), [before]), false);
        await write("one.whl", "one");
        assert.equal(await hasWheels(folder, [before]), false);
        await write("two.whl", "two");
        assert.equal(await hasWheels(folder, [before]), true);
        assert.equal(await hasWheels(folder, [before, after]), false);
        await write("newer.whl", "newer");
        assert.equal(await hasWheels(folder, [before, after]), true);
        await write("newer.whl", "changed");
        assert.equal(await hasWheels(folder, [before, after]), false);
    });

    it("are listed on a page for each project, under the name that pip asks for", async () => {
        for (const name of [
            "Two_a.b-1.0-py3-none-any.whl",
            "two_a_b-1.1-py3-none-any.whl",
            "one-1.0-py3-none-any.whl",
        ]) {
            await write(name, "");
        }
        await write("other.txt", "");
        await writeWheelIndex(folder);
        const page = (project: string) => fs.readFile(path.join(folder, "simple", project, "index.html"), "utf8");
        assert.deepEqual((await fs.readdir(path.join(folder, "simple"))).sort(), ["one", "two-a-b"]);
        const links = [...(await page("two-a-b")).matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
        assert.deepEqual(links.sort(), ["../../Two_a.b-1.0-py3-none-any.whl", "../../two_a_b-1.1-py3-none-any.whl"]);
    });
});
