import type { Statement } from "../../aws/policyDocument";
import { unscopedStatement } from "../../aws/unscopedActions";

/** Resources that a deploy to ECS is bound to. */
export interface EcsDeployScope {
    /** ARN of the service: `arn:…:service/<cluster>/<service>`. */
    serviceArn: string;
    /** ARN of the declared task definition, revision included; deploys add revisions to its family. */
    taskDefinitionArn: string;
    /** Roles that the task definition passes to ECS. */
    passedRoleArns: string[];
    /** Subnets of the service. */
    subnetIds: string[];
}

/**
 * Allows the calls of `deploy/ecs.sh` to ECS: adding revisions to one family with its roles, moving one service to them, and reading why
 * tasks stopped. It may neither start tasks of its own, nor open the service's tasks to commands, nor move them to another network. It may
 * not move the service to another application's family, whose roles and secrets it would get. AWS has no condition key for the image of a
 * revision. A condition on a key that a request lacks does not apply. So the policy works whether or not AWS fills in the service's present
 * values.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function ecsDeployStatements(scope: EcsDeployScope): Statement[] {
    const { serviceArn, taskDefinitionArn, passedRoleArns, subnetIds } = scope;
    const anyRevision = taskDefinitionArn.replace(/:\d+$/, ":*");
    const clusterArn = serviceArn.replace(":service/", ":cluster/").replace(/\/[^/]+$/, "");
    const ofThisCluster = { ArnEquals: { "ecs:cluster": clusterArn } };
    return [
        { Sid: "ReadService", Action: "ecs:DescribeServices", Resource: serviceArn },
        {
            Sid: "MoveService",
            Action: "ecs:UpdateService",
            Resource: serviceArn,
            Condition: {
                ArnLikeIfExists: { "ecs:task-definition": anyRevision },
                BoolIfExists: { "ecs:auto-assign-public-ip": "false", "ecs:enable-execute-command": "false" },
                "ForAllValues:StringEquals": { "ecs:subnet": subnetIds },
            },
        },
        { Sid: "AddRevisions", Action: "ecs:RegisterTaskDefinition", Resource: anyRevision },
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
