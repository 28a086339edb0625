import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseBuildspec } from "../../local/aws/codebuild/parseBuildspec";
import { projectRoot } from "../../local/paths";

const read = (file: string) => fs.readFileSync(path.join(projectRoot, file), "utf8");

describe("buildspecs/infrastructure.yml", () => {
    it("asks for a Node.js that the program runs on, since both build images start with version 18", () => {
        const { phases } = parseBuildspec(read("buildspecs/infrastructure.yml"));
        const { runtimeVersions = {} } = phases.install ?? {};
        const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
        const majors = [...engines.node.matchAll(/(\d+)\.\d+\.\d+/g)].map(([, major]) => major);
        assert.deepEqual(Object.keys(runtimeVersions), ["nodejs"]);
        assert.ok(majors.includes(runtimeVersions.nodejs), `${runtimeVersions.nodejs} is none of ${majors.join(", ")}`);
    });
});
