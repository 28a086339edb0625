import assert from "node:assert/strict";
import { type EnvironmentVariable, variableAccess } from "../../../infra/codebuild/variableAccess";

describe("variableAccess", () => {
    const account = { partition: "aws", region: "eu-central-1", accountId: "123456789012" };
    const parameter = "arn:aws:ssm:eu-central-1:123456789012:parameter";
    const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret";
    const table: [type: string | undefined, value: string, parameterArns: string[], secretArns: string[]][] = [
        [undefined, "shop", [], []],
        ["PLAINTEXT", "/shop/region", [], []],
        ["PARAMETER_STORE", "/shop/region", [`${parameter}/shop/region`], []],
        ["PARAMETER_STORE", "region", [`${parameter}/region`], []],
        ["SECRETS_MANAGER", "shop/npm", [], [`${secret}:shop/npm-??????`]],
        ["SECRETS_MANAGER", "shop/npm:token:AWSCURRENT", [], [`${secret}:shop/npm-??????`]],
        ["SECRETS_MANAGER", `${secret}:shop/npm-AbCdEf`, [], [`${secret}:shop/npm-AbCdEf`]],
        ["SECRETS_MANAGER", `${secret}:shop/npm-AbCdEf:token::1`, [], [`${secret}:shop/npm-AbCdEf`]],
    ];
    for (const [type, value, parameterArns, secretArns] of table) {
        it(`of ${type ?? "no type"} ${value} is ${[...parameterArns, ...secretArns].join() || "nothing"}`, () => {
            assert.deepEqual(variableAccess([{ name: "A", type, value }], account), { parameterArns, secretArns });
        });
    }

    it("names each of several once", () => {
        const variables: EnvironmentVariable[] = ["user", "token"].map((key) => ({
            name: key,
            type: "SECRETS_MANAGER",
            value: `shop/npm:${key}`,
        }));
        const secretArns = [`${secret}:shop/npm-??????`];
        assert.deepEqual(variableAccess(variables, account), { parameterArns: [], secretArns });
    });
});
