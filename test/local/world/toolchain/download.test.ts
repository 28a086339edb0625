import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { download } from "../../../../local/world/toolchain/download";
import { type DownloadHost, startDownloadHost } from "./downloadHost";
import { makeTemporaryFolder } from "./temporaryFolder";

const content = "the tool";
const sha256 = createHash("sha256").update(content).digest("hex");
const limits = { answer: 200, silence: 200 };

describe("download", () => {
    let folder: string;
    let file: string;
    let host: DownloadHost;

    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        file = path.join(folder, "file");
        host = await startDownloadHost({
            "/good": (response) => response.end(content),
            "/moved": (response) => response.writeHead(302, { location: "/good" }).end(),
            "/silent": () => undefined,
            "/stalled": (response) => response.writeHead(200, { "content-length": "8" }).write("the "),
            "/broken": (response) => {
                response.writeHead(200, { "content-length": "8" }).write("the ");
                setImmediate(() => response.destroy());
            },
        });
    });
    afterEach(async () => {
        await host.stop();
        await fs.rm(folder, { recursive: true });
    });

    for (const name of ["good", "moved"]) {
        it(`writes a ${name} file with the named checksum`, async () => {
            await download(`${host.url}/${name}`, file, sha256);
            assert.equal(await fs.readFile(file, "utf8"), content);
        });
    }

    const faults: [what: string, name: string, checksum: string, message: (url: string) => RegExp | string][] = [
        [
            "has another checksum",
            "good",
            "0".repeat(64),
            (url) => `${url} is not the file that is named: its SHA-256 is ${sha256}, not ${"0".repeat(64)}`,
        ],
        ["is not there", "absent", sha256, (url) => `${url} answers with status 404`],
        ["is not answered", "silent", sha256, (url) => `${url} has not answered for 0.2 s`],
        ["stops coming", "stalled", sha256, (url) => `${url} has sent nothing for 0.2 s`],
        ["breaks off", "broken", sha256, () => /terminated|other side closed/],
    ];
    for (const [what, name, checksum, message] of faults) {
        it(`leaves nothing of a file that ${what}`, async () => {
            const url = `${host.url}/${name}`;
            await assert.rejects(download(url, file, checksum, undefined, limits), (error: Error) => {
                const expected = message(url);
                if (typeof expected === "string") assert.equal(error.message, expected);
                else assert.match(error.message, expected);
                return true;
            });
            await assert.rejects(fs.access(file), { code: "ENOENT" });
        });
    }

    it("says when nobody listens", async () => {
        const { url } = host;
        await host.stop();
        host = await startDownloadHost({});
        await assert.rejects(download(`${url}/good`, file, sha256), (error: Error) => {
            assert.ok(error.message.startsWith(`${url}/good cannot be reached: `), error.message);
            return true;
        });
    });

    it("ends with the reason of an abort", async () => {
        const controller = new AbortController();
        const running = download(`${host.url}/silent`, file, sha256, controller.signal);
        controller.abort(new Error("cancelled"));
        await assert.rejects(running, { message: "cancelled" });
    });
});
