import type { PlainAccount } from "../../aws/resourceArns";
import { policyDocument } from "../../aws/policyDocument";
import { secretKeyStatements } from "../../aws/secretKeyStatements";
import { unscopedStatement } from "../../aws/unscopedActions";

/** Resources that the execution role's permissions are bound to. */
export interface ExecutionRoleScope {
    /** Repository of the image. */
    repositoryArn: string;
    /** Log group of the tasks. */
    logGroupArn: string;
    /** ARN of the settings' secret; undefined when the container reads no key of it. */
    secretArn?: string;
    /** KMS key of the secret. @default - none */
    secretKmsKeyArn?: string;
}

/**
 * Renders the permissions of ECS to start a task: to pull its image, read the settings that become variables, and write its log.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function executionRolePolicy(scope: ExecutionRoleScope): string {
    const { secretArn, secretKmsKeyArn } = scope;
    return policyDocument([
        unscopedStatement("LogIn", ["ecr:GetAuthorizationToken"]),
        {
            Sid: "PullImage",
            Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Resource: scope.repositoryArn,
        },
        {
            Sid: "WriteLog",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: `${scope.logGroupArn}:*`,
        },
        ...(secretArn === undefined
            ? []
            : [{ Sid: "ReadSettings", Action: "secretsmanager:GetSecretValue", Resource: secretArn }]),
        ...secretKeyStatements(secretArn && secretKmsKeyArn),
    ]);
}

/**
 * Renders the trust policy of task roles: ECS may assume them for tasks of this account and region.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cross-service-confused-deputy-prevention.html
 */
export function tasksTrustPolicy({ partition, region, accountId }: PlainAccount): string {
    return policyDocument([
        {
            Sid: "TasksOfThisAccount",
            Principal: { Service: "ecs-tasks.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
                StringEquals: { "aws:SourceAccount": accountId },
                ArnLike: { "aws:SourceArn": `arn:${partition}:ecs:${region}:${accountId}:*` },
            },
        },
    ]);
}
