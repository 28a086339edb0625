import type { Statement } from "../../iam/policyDocument";
import { unscopedStatement } from "../../iam/unscopedActions";

/** What a deploy to ECS is bound to. */
export interface EcsDeployScope {
    /** ARN of the service: `arn:…:service/<cluster>/<service>`. */
    serviceArn: string;
    /** ARN of the declared task definition, revision included; deploys add revisions to its family. */
    taskDefinitionArn: string;
    /** Roles that the task definition hands to ECS. */
    passedRoleArns: string[];
}

/**
 * What `deploy/ecs.sh` needs of ECS: add revisions to one family with the roles it has, move one service to them, and see why a
 * task stopped. It may not start tasks of its own, which would run any image under the application's role.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function ecsDeployStatements({ serviceArn, taskDefinitionArn, passedRoleArns }: EcsDeployScope): Statement[] {
    const clusterArn = serviceArn.replace(":service/", ":cluster/").replace(/\/[^/]+$/, "");
    const ofThisCluster = { ArnEquals: { "ecs:cluster": clusterArn } };
    return [
        {
            Sid: "MoveService",
            Action: ["ecs:DescribeServices", "ecs:UpdateService"],
            Resource: serviceArn,
        },
        {
            Sid: "AddRevisions",
            Action: "ecs:RegisterTaskDefinition",
            Resource: taskDefinitionArn.replace(/:\d+$/, ":*"),
        },
        unscopedStatement("ReadRevisions", ["ecs:DescribeTaskDefinition"]),
        {
            Sid: "KeepRoles",
            Action: "iam:PassRole",
            Resource: passedRoleArns,
            Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        },
        { ...unscopedStatement("ListStoppedTasks", ["ecs:ListTasks"]), Condition: ofThisCluster },
        {
            Sid: "ReadStoppedTasks",
            Action: "ecs:DescribeTasks",
            Resource: `${clusterArn.replace(":cluster/", ":task/")}/*`,
        },
    ];
}
