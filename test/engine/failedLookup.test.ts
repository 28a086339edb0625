import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { engineWorld, type EngineWorld, TestStack } from "../support/engineWorld";

const arn = "arn:aws:codeconnections:eu-central-1:000000000000:connection/missing";

const refusal = new RegExp(
    `^Error: [^\n]*GetConnection failed with ResourceNotFoundException: Connection not found: ${arn}$`,
);

/** Program with a resource that depends on an answer of AWS, which is a refusal, and another that depends on that resource. */
function program(): Promise<Record<string, unknown>> {
    const { name } = aws.codestarconnections.getConnectionOutput({ arn });
    const first = new aws.ssm.Parameter("first", { type: "String", value: name });
    new aws.ssm.Parameter("second", { type: "String", value: first.arn });
    return Promise.resolve({});
}

describe("a program whose question AWS refuses,", function () {
    this.timeout(120_000);
    let engine: EngineWorld;
    let stack: TestStack;

    before(async () => {
        engine = await engineWorld();
        stack = await TestStack.open(engine, "failed-lookup", {}, program);
    });
    after(() => stack?.destroy());

    it("ends its update with the refusal, and declares nothing that depends on it", async () => {
        await assert.rejects(stack.up(), refusal);
        const types = (await stack.state()).resources.map(({ type }) => type);
        assert.equal(types.includes("aws:ssm/parameter:Parameter"), false);
    });

    it("ends its preview with the refusal", async () => {
        await assert.rejects(stack.preview(), refusal);
    });
});
