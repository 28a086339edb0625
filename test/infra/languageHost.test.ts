import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";

const infra = path.resolve(__dirname, "../../infra");

/** Program that does what Pulumi's language host does with a TypeScript program (@pulumi/pulumi/cmd/run/run.ts), with mocks for the engine. */
const host = `
require("ts-node").register({ project: "tsconfig.json", transpileOnly: true });
const pulumi = require("@pulumi/pulumi");
const outputs = { arn: "arn:aws:x:::y", digest: "sha256:" + "a".repeat(64), bucket: "bucket", repositoryUrl: "host/name" };
pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: { ...outputs, ...inputs } }),
    call: ({ inputs }) => ({ ...inputs, partition: "aws", region: "eu-central-1", accountId: "123456789012", password: "" }),
}, "cached-image-pipeline", "dev").then(() => {
    const started = performance.now();
    const program = require("./");
    const milliseconds = Math.round(performance.now() - started);
    console.log(JSON.stringify({ milliseconds, outputs: Object.keys(program).sort() }));
});
`;

describe("the program under Pulumi's own language host", function () {
    this.timeout(20_000);

    it("is loaded from its folder with its own tsconfig.json", () => {
        const printed = execFileSync(process.execPath, ["-e", host], { cwd: infra, encoding: "utf8" });
        const { milliseconds, outputs } = JSON.parse(printed) as { milliseconds: number; outputs: string[] };
        console.log(`      program load: ${milliseconds} ms`);
        assert.ok(outputs.includes("imageUri") && outputs.includes("deployEnv"), outputs.join());
    });
});
