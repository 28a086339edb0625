import assert from "node:assert/strict";
import { containerDefinitions } from "../../../../infra/release/ecs/containerDefinitions";
import { executionRolePolicy } from "../../../../infra/release/ecs/ecsRolePolicies";

describe("containerDefinitions", () => {
    it("leaves the check to the load balancer when the container has none", () => {
        const [container] = JSON.parse(
            containerDefinitions({
                name: "app",
                imageUri: "shop@sha256:1",
                port: 80,
                variables: {},
                secretArn: "arn",
                secretKeys: [],
                healthCheckGraceSeconds: 60,
                logGroupName: "/aws/ecs/shop",
                region: "local",
            }),
        ) as [object];
        assert.ok(!("healthCheck" in container));
    });
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
