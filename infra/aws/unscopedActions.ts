import type { Statement } from "./policyDocument";

/** Reason for the messages between Systems Manager and the agent on an instance. */
const agentMessages = "an agent gets its own instance's messages; AWS knows no resource for them";

/**
 * Only actions that a policy of this project may allow on every resource, each with its reason. A test checks all policies against this
 * list.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
export const unscopedActions = {
    "ecr:GetAuthorizationToken": "the token is one for the whole registry; AWS knows no resource for this action",
    "ec2:DescribeDhcpOptions": "EC2 knows no resource for what lists; builds in a VPC need it",
    "ec2:DescribeNetworkInterfaces": "EC2 knows no resource for what lists; builds in a VPC need it",
    "ec2:DescribeSecurityGroups": "EC2 knows no resource for what lists; builds in a VPC need it",
    "ec2:DescribeSubnets": "EC2 knows no resource for what lists; builds in a VPC need it",
    "ec2:DescribeVpcs": "EC2 knows no resource for what lists; builds in a VPC need it",
    "ec2messages:AcknowledgeMessage": agentMessages,
    "ec2messages:DeleteMessage": agentMessages,
    "ec2messages:FailMessage": agentMessages,
    "ec2messages:GetEndpoint": agentMessages,
    "ec2messages:GetMessages": agentMessages,
    "ec2messages:SendReply": agentMessages,
    "ecs:DescribeTaskDefinition": "AWS knows no resource for it; deploys read the revisions of their service",
    "ecs:ListTasks":
        "AWS knows only container instances as its resource, which Fargate has none of; a condition names the cluster",
    "logs:DescribeLogGroups": "AWS knows no resource for it; the aws provider reads a log group by this list",
    "ssm:CancelCommand": "AWS knows no resource for commands; deploys watch the ones that they sent",
    "ssm:GetCommandInvocation": "AWS knows no resource for commands; deploys watch the ones that they sent",
    "ssm:ListCommandInvocations": "AWS knows no resource for commands; deploys watch the ones that they sent",
    "ssm:ListCommands": "AWS knows no resource for commands; deploys watch the ones that they sent",
    "ssm:DescribeParameters":
        "AWS knows no resource for it; the aws provider reads a parameter's settings by this list",
    "ssmmessages:CreateControlChannel": agentMessages,
    "ssmmessages:CreateDataChannel": agentMessages,
    "ssmmessages:OpenControlChannel": agentMessages,
    "ssmmessages:OpenDataChannel": agentMessages,
} as const;

/** Allows actions of {@link unscopedActions} on every resource. */
export function unscopedStatement(Sid: string, actions: (keyof typeof unscopedActions)[]): Statement {
    return { Sid, Action: actions, Resource: "*" };
}
