import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot, toolsDirectory } from "../../../../local/paths";
import { ensureToolchain } from "../../../../local/world/toolchain";
import { pinsDirectory } from "../../../../local/world/toolchain/context";
import { ExecutableVersions } from "../../../../local/world/toolchain/executableVersions";
import { goToolTable } from "../../../../local/world/toolchain/goToolTable";
import { readGoModules } from "../../../../local/world/toolchain/goTools";
import { makeTemporaryFolder } from "./temporaryFolder";

describe("the table of tools from Go modules", function () {
    this.timeout(60_000);
    let folder: string;

    before(async () => (folder = await makeTemporaryFolder()));
    after(() => fs.rm(folder, { recursive: true }));

    it("has commands that find the version of each real tool, asked from the root of this repository", async () => {
        // GIVEN the tools, and no record of versions
        assert.equal(process.cwd(), projectRoot);
        const tools = await ensureToolchain((line) => console.log(`      ${line}`));
        const versions = await ExecutableVersions.open(path.join(folder, "versions.json"));
        const table = await goToolTable(toolsDirectory, await readGoModules(pinsDirectory));
        for (const [name, { system }] of Object.entries(table)) {
            // WHEN a tool is asked for its version
            const { versionCommand = (file: string) => [file, "--version"] } = system(tools.pulumi);
            const executable = tools[name as keyof typeof table];
            // THEN it prints one
            const version = await versions.versionOf(executable, versionCommand(executable));
            assert.match(version ?? "none", /^\d+\.\d+\.\d+$/, name);
        }
    });
});
