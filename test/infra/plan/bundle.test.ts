import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { contentTag } from "../../../infra/plan/contentTag";

const root = path.resolve(__dirname, "../../..");

describe("the content tag outside of Pulumi", () => {
    it("is the same from one bundled file that needs nothing but Node", () => {
        // GIVEN the tag's code as one file, as a build machine gets it
        const { outputFiles, metafile } = buildSync({
            entryPoints: [path.join(root, "infra/plan/contentTag.ts")],
            bundle: true,
            platform: "node",
            write: false,
            metafile: true,
        });
        const bundle = outputFiles[0]!;
        assert.deepEqual(
            Object.keys(metafile.inputs).filter((input) => input.includes("node_modules")),
            [],
        );
        // WHEN it is run by plain Node on the sample application
        const app = path.join(root, "app");
        const source = {
            context: app,
            dockerfile: path.join(app, "Dockerfile"),
            buildArgs: { BASE_REGISTRY: "registry.example/base" },
            platforms: ["linux/amd64"],
            rebuildKey: "",
            compression: "zstd" as const,
        };
        const script = `${bundle.text}\nconsole.log(module.exports.contentTag(${JSON.stringify(source)}))`;
        const printed = execFileSync(process.execPath, ["-"], { input: script, encoding: "utf8" });
        // THEN it gives what the program gives
        assert.equal(printed.trim(), contentTag(source));
    });
});
