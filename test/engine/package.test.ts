import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";
import { components, readSchema, schemaFile } from "../../docs/generate/packageSchema";
import { projectRoot } from "../../local/paths";
import { ensureToolchain } from "../../local/world/toolchain";
import { runCommand } from "../../local/world/toolchain/command";
import { type LanguageHost, serveLanguageHost } from "../support/languageHost";

/** The folder of PulumiPlugin.yaml, as Pulumi's command line uses a package of components that is not compiled. */
describe("the package as Pulumi's command line loads it from its folder", function () {
    this.timeout(120_000);
    let folder: string;
    let host: LanguageHost;
    let pulumi: (...args: string[]) => Promise<string>;

    before(async () => {
        const toolchain = await ensureToolchain(() => undefined);
        folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "cached-image-pipeline-user-"));
        host = await serveLanguageHost(folder);
        const env = {
            ...process.env,
            PULUMI_HOME: path.join(folder, "home"),
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}`,
        };
        pulumi = (...args) => runCommand(toolchain.pulumi, args, { cwd: folder, env });
    });
    after(() => {
        host?.stop();
        fs.rmSync(folder, { recursive: true, force: true });
    });

    it("has the components of schema.json, with each input and output", async () => {
        const { resources } = JSON.parse(await pulumi("package", "get-schema", projectRoot)) as PackageSpec;
        const committed = await readSchema();
        assert.deepEqual(shapes(resources), shapes(committed.resources));
        assert.equal(Object.keys(resources).length, components.length);
    });

    it("has a schema that Pulumi finds valid", async () => {
        assert.equal(await pulumi("schema", "check", schemaFile), "");
    });
});

/** The parts of components that programs write, by token; the engine leaves out what is empty. */
function shapes(resources: PackageSpec["resources"]): Record<string, unknown> {
    const shapeOf = (one: PackageSpec["resources"][string]) => ({
        inputs: Object.keys(one.inputProperties ?? {}).sort(),
        required: one.requiredInputs ?? [],
        outputs: Object.keys(one.properties ?? {}).sort(),
    });
    return Object.fromEntries(Object.entries(resources).map(([token, one]) => [token, shapeOf(one)]));
}
