import assert from "node:assert/strict";
import { ecsDeployStatements } from "../../../../infra/release/ecs/ecsDeployStatements";

const ecs = (resource: string) => `arn:aws:ecs:eu-central-1:123456789012:${resource}`;

describe("ecsDeployStatements", () => {
    it("is bound to one service, one family, one cluster and the roles of its tasks", () => {
        const roles = ["arn:aws:iam::123456789012:role/execution", "arn:aws:iam::123456789012:role/task"];
        assert.deepEqual(
            ecsDeployStatements({
                serviceArn: ecs("service/shop-cluster/shop"),
                taskDefinitionArn: ecs("task-definition/shop-dev:12"),
                passedRoleArns: roles,
                subnetIds: ["subnet-1", "subnet-2"],
            }),
            [
                { Sid: "ReadService", Action: "ecs:DescribeServices", Resource: ecs("service/shop-cluster/shop") },
                {
                    Sid: "MoveService",
                    Action: "ecs:UpdateService",
                    Resource: ecs("service/shop-cluster/shop"),
                    Condition: {
                        ArnLikeIfExists: { "ecs:task-definition": ecs("task-definition/shop-dev:*") },
                        BoolIfExists: { "ecs:auto-assign-public-ip": "false", "ecs:enable-execute-command": "false" },
                        "ForAllValues:StringEquals": { "ecs:subnet": ["subnet-1", "subnet-2"] },
                    },
                },
                {
                    Sid: "AddRevisions",
                    Action: "ecs:RegisterTaskDefinition",
                    Resource: ecs("task-definition/shop-dev:*"),
                },
                { Sid: "ReadRevisions", Action: ["ecs:DescribeTaskDefinition"], Resource: "*" },
                {
                    Sid: "KeepRoles",
                    Action: "iam:PassRole",
                    Resource: roles,
                    Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
                },
                {
                    Sid: "ListStoppedTasks",
                    Action: ["ecs:ListTasks"],
                    Resource: "*",
                    Condition: { ArnEquals: { "ecs:cluster": ecs("cluster/shop-cluster") } },
                },
                { Sid: "ReadStoppedTasks", Action: "ecs:DescribeTasks", Resource: ecs("task/shop-cluster/*") },
            ],
        );
    });
});
