import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { builtinModules } from "node:module";
import * as path from "node:path";
import { packagedTools } from "../../../infra/buildTools/packagedTools";
import { bundleBuildTools, requireCurrentTools } from "../../../local/commands/buildTools";
import { temporaryFolder } from "../temporaryFolder";

describe("the bundled build tools", () => {
    const folder = temporaryFolder();

    it("are packaged as `npm run bundle` makes them from their sources", () => {
        assert.doesNotThrow(requireCurrentTools);
    });

    it("have a key that follows their content", () => {
        const { key, content } = packagedTools();
        const hash = createHash("sha256").update(content).digest("hex").slice(0, 40);
        assert.equal(key, `build-tools/${hash}.js`);
    });

    it("name no path of this machine, so that they are the same everywhere", () => {
        assert.equal(bundleBuildTools().includes(path.resolve(__dirname, "../../..")), false);
    });

    it("need nothing but Node", () => {
        const modules = [...bundleBuildTools().matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name!);
        assert.ok(modules.length > 3);
        assert.deepEqual(
            // AWS's SDK tries this one for signatures over several regions, which nothing here makes.
            modules.filter((name) => !builtinModules.includes(name.replace(/^node:/, "")) && !name.endsWith("-crt")),
            [],
        );
    });

    it("end with one sentence where there is no such command", () => {
        const script = path.join(folder.path, "tools.js");
        fs.writeFileSync(script, bundleBuildTools());
        const { status, stderr } = spawnSync(process.execPath, [script, "plan"], { encoding: "utf8" });
        const sentence = 'There is no command "plan"; there are prepare, build, finish, scripts, scan.\n';
        assert.deepEqual([status, stderr], [1, sentence]);
    });
});
