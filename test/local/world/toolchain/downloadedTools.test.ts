import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensureToolchain } from "../../../../local/world/toolchain/toolchain";
import { type DownloadHost, startDownloadHost } from "./downloadHost";
import { type FakeMachine, makeFakeMachine } from "./fakeMachine";
import { writeScript } from "./temporaryFolder";

const checksum = (content: Buffer) => createHash("sha256").update(content).digest("hex");
const provider = "go build github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build";
const pulumi = "go build github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

describe("downloaded tools", function () {
    this.timeout(60_000);
    const variables = ["CACHED_IMAGE_PIPELINE_DOWNLOADS", "CACHED_IMAGE_PIPELINE_DOWNLOAD_TABLE"];
    const before = variables.map((name) => process.env[name]);
    let machine: FakeMachine;
    let host: DownloadHost;
    let reports: string[];
    let archive: Buffer;
    let buildkitd: Buffer;
    const ensure = () => ensureToolchain((message) => reports.push(message), undefined, machine.folders);
    const builds = async () => (await machine.calls()).filter((call) => call.startsWith("go build"));
    /** Writes a table that names these checksums, for both architectures (GIVEN). */
    const writeTable = async (pulumiSum: string, buildkitdSum: string, member = "pulumi/pulumi") => {
        const both = (file: object) => ({ x64: file, arm64: file });
        const table = {
            pulumi: {
                version: "3.250.0",
                member,
                ...both({ path: "host.example/pulumi.tar.gz", sha256: pulumiSum }),
            },
            buildkitd: { version: "0.34.0", ...both({ path: "host.example/buildkitd", sha256: buildkitdSum }) },
        };
        const file = path.join(machine.folder, "table.json");
        await fs.writeFile(file, JSON.stringify(table));
        process.env.CACHED_IMAGE_PIPELINE_DOWNLOAD_TABLE = file;
        process.env.CACHED_IMAGE_PIPELINE_DOWNLOADS = `${host.url}/`;
    };

    beforeEach(async () => {
        machine = await makeFakeMachine();
        reports = [];
        await fs.symlink("/bin/tar", path.join(machine.bin, "tar"));
        await fs.symlink("/bin/gzip", path.join(machine.bin, "gzip"));
        const source = path.join(machine.folder, "source");
        const program = path.join(source, "pulumi/pulumi");
        await writeScript(program, 'if [ "$1" = package ]; then exec "$3"; fi; echo v3.250.0');
        await writeScript(path.join(source, "pulumi/pulumi-language-go"), "exit 1");
        await fs.cp(path.join(source, "pulumi"), path.join(source, "bin"), { recursive: true });
        archive = execFileSync("/bin/tar", ["-C", source, "-cz", "pulumi", "bin"], { env: { PATH: "/usr/bin:/bin" } });
        await writeScript(path.join(source, "buildkitd"), "echo v0.34.0");
        buildkitd = await fs.readFile(path.join(source, "buildkitd"));
        host = await startDownloadHost({
            "/host.example/pulumi.tar.gz": (response) => response.end(archive),
            "/host.example/buildkitd": (response) => response.end(buildkitd),
        });
    });
    afterEach(async () => {
        variables.forEach((name, index) => {
            if (before[index] === undefined) delete process.env[name];
            else process.env[name] = before[index];
        });
        await host.stop();
        await machine.dispose();
    });

    for (const member of ["pulumi/pulumi", "bin/pulumi"]) {
        it(`takes the place of builds: an archive's executable in ${path.dirname(member)}/, and a file that is one`, async () => {
            await writeTable(checksum(archive), checksum(buildkitd), member);
            const tools = await ensure();
            const output = (file: string) => execFileSync(file, [], { encoding: "utf8" });
            assert.deepEqual([output(tools.pulumi), output(tools.buildkitd)], ["v3.250.0\n", "v0.34.0\n"]);
            assert.deepEqual(await builds(), [provider]);
            const content = path.dirname(path.dirname(await fs.realpath(tools.pulumi)));
            assert.deepEqual(
                [await fs.readdir(content), await fs.readdir(path.join(content, "bin"))],
                [["bin"], ["pulumi"]],
            );
        });
    }

    it("are asked for once for all clones of a person", async () => {
        await writeTable(checksum(archive), checksum(buildkitd));
        await ensure();
        machine.folders.toolsDirectory += "-of-another-clone";
        await ensure();
        assert.deepEqual(host.requests.toSorted(), ["/host.example/buildkitd", "/host.example/pulumi.tar.gz"]);
        assert.deepEqual(await builds(), [provider]);
    });

    it("with another checksum are not unpacked but built", async () => {
        await writeTable("0".repeat(64), checksum(buildkitd));
        await ensure();
        assert.deepEqual(await builds(), [pulumi, provider]);
        const told = reports.filter((line) => line.startsWith("pulumi is built, as it cannot be downloaded: "));
        assert.equal(told.length, 1);
        assert.match(told[0]!, /its SHA-256 is [0-9a-f]{64}, not 0{64}$/);
    });

    it("in another version than the pinned one are not used but built", async () => {
        const later = Buffer.from("#!/bin/sh\necho v0.35.0\n");
        buildkitd = later;
        await writeTable(checksum(archive), checksum(later));
        await ensure();
        assert.deepEqual(await builds(), ["go build github.com/moby/buildkit/cmd/buildkitd", provider]);
    });

    it("that are not to be had are asked for again only when they are not built already", async () => {
        await writeTable(checksum(archive), checksum(buildkitd));
        await host.stop();
        await ensure();
        host = await startDownloadHost({});
        process.env.CACHED_IMAGE_PIPELINE_DOWNLOADS = host.url;
        await ensure();
        assert.deepEqual(host.requests, []);
        assert.equal((await builds()).length, 3);
    });

    it("need a table that can be read", async () => {
        await writeTable("not a checksum", checksum(buildkitd));
        await assert.rejects(ensure(), (error: Error) => {
            const file = process.env.CACHED_IMAGE_PIPELINE_DOWNLOAD_TABLE;
            assert.ok(error.message.startsWith(`The table of downloads ${file} cannot be read: `), error.message);
            return true;
        });
    });
});
