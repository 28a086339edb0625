import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { PackageServer } from "../../../bench/packages/packageServer";
import { PackageSite } from "../../../bench/packages/packageSite";

describe("bench: package server", () => {
    let folder: string;
    let server: PackageServer;

    before(async () => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "packages-"));
        server = await PackageServer.start(path.join(folder, "site"));
        const site = new PackageSite(path.join(folder, "site"), server.origin);
        await site.write("simple/one/index.html", "<a>one</a>");
        await site.write("simple/one/one-1.0-py3-none-any.whl", Buffer.alloc(1000));
        fs.writeFileSync(path.join(folder, "outside"), "outside");
    });
    after(async () => {
        await server.close();
        fs.rmSync(folder, { recursive: true });
    });

    const get = async (name: string) => {
        const answer = await fetch(`${server.origin}/${name}`);
        return [answer.status, (await answer.arrayBuffer()).byteLength];
    };

    it("counts all bytes, and the packages apart from indexes", async () => {
        assert.deepEqual(await get("simple/one/"), [200, 10]);
        assert.deepEqual(await get("simple/one/one-1.0-py3-none-any.whl"), [200, 1000]);
        assert.deepEqual(server.reading(), { packages: 1, bytes: 1010 });
    });

    it("shows nothing that is not there, nor outside of its folder", async () => {
        assert.deepEqual(await get("simple/two/"), [404, 0]);
        assert.deepEqual(await get("%2e%2e%2foutside"), [404, 0]);
    });
});
