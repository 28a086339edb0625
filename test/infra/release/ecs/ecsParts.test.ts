import assert from "node:assert/strict";
import { containerDefinitions } from "../../../../infra/release/ecs/containerDefinitions";
import { settingReference } from "../../../../infra/release/ecs/settingReference";
import { executionRolePolicy } from "../../../../infra/release/ecs/ecsRolePolicies";

describe("containerDefinitions", () => {
    it("leaves the check to the load balancer when the container has none", () => {
        const [container] = JSON.parse(
            containerDefinitions({
                name: "app",
                imageUri: "shop@sha256:1",
                port: 80,
                variables: {},
                secrets: {},
                healthCheckGraceSeconds: 60,
                logGroupName: "/aws/ecs/shop",
                region: "local",
            }),
        ) as [object];
        assert.ok(!("healthCheck" in container));
    });
});

describe("settingReference", () => {
    const account = { partition: "aws", region: "eu-central-1", accountId: "123456789012" };
    const arn = (name: string) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}`;
    const table: [secret: string, expected: string][] = [
        ["shop/dev", arn("shop/dev")],
        ["shop-production", arn("shop-production")],
        ["shop/eu_prod01", arn("shop/eu_prod01")],
        [arn("eu-prod01-AbCdEf"), arn("eu-prod01-AbCdEf")],
    ];
    for (const [secret, expected] of table) {
        it(`names ${secret} for a task`, () =>
            assert.equal(settingReference(secret, "KEY", account), `${expected}:KEY::`));
    }

    it("refuses a name whose end ECS would take for that of an ARN", () =>
        assert.throws(() => settingReference("eu-prod01", "KEY", account), {
            message:
                'The secret is "eu-prod01"; allowed: the secret\'s ARN, or another name: ECS takes a hyphen and six letters or digits at the end for the end of an ARN',
        }));
});

describe("executionRolePolicy", () => {
    it("reads no settings for a container that gets none", () => {
        const document = JSON.parse(
            executionRolePolicy({ repositoryArn: "arn:repository", logGroupArn: "arn:logs" }),
        ) as {
            Statement: { Sid: string }[];
        };
        assert.deepEqual(
            document.Statement.map(({ Sid }) => Sid),
            ["LogIn", "PullImage", "WriteLog"],
        );
    });
});
