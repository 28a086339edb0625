import * as assert from "node:assert/strict";
import { statementsFor } from "../../../../../local/aws/gateway/iam/repositoryPolicy";

const account = "000000000000";
const session = `arn:aws:sts::${account}:assumed-role/builder/s`;
const user = `arn:aws:iam::${account}:user/ci`;

describe("gateway: statements of a repository policy", () => {
    const cases: [arn: string, effect: string, principal: unknown, applies: boolean][] = [
        [session, "Allow", "*", true],
        [session, "Allow", { AWS: "*" }, true],
        [session, "Allow", { AWS: `arn:aws:iam::${account}:role/builder` }, true],
        [session, "Allow", { AWS: ["arn:aws:iam::111111111111:root", session] }, true],
        [session, "Allow", { AWS: `arn:aws:iam::${account}:role/other` }, false],
        [session, "Allow", { AWS: `arn:aws:iam::${account}:root` }, false],
        [session, "Deny", { AWS: `arn:aws:iam::${account}:root` }, true],
        [session, "Deny", { AWS: account }, true],
        [session, "Allow", { Service: "lambda.amazonaws.com" }, false],
        [user, "Allow", { AWS: user }, true],
        [user, "Allow", { AWS: `arn:aws:iam::${account}:role/ci` }, false],
    ];
    for (const [arn, Effect, Principal, applies] of cases) {
        it(`${Effect} for ${JSON.stringify(Principal)} ${applies ? "applies" : "does not apply"} to ${arn}`, () => {
            const policy = JSON.stringify({ Statement: { Effect, Principal, Action: "ecr:PutImage" } });
            const expected = {
                Version: "2012-10-17",
                Statement: [{ Effect, Action: "ecr:PutImage", Resource: "*" }],
            };
            const statements = statementsFor(arn, policy);
            assert.deepEqual(statements && (JSON.parse(statements) as object), applies ? expected : undefined);
        });
    }
});
