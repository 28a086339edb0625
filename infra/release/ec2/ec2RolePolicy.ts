import { policyDocument } from "../../aws/policyDocument";
import { secretKeyStatements } from "../../aws/secretKeyStatements";
import { unscopedStatement } from "../../aws/unscopedActions";
import { composePrefix } from "./ec2Document";

/** Actions for the messages between Systems Manager and the agent on a host. */
const agentActions = [
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
] as const;

/** Resources that the permissions of target hosts are bound to. */
export interface Ec2RoleScope {
    /** Repositories of the image and of further images of the compose files; may end in a wildcard. */
    repositoryArns: string[];
    /** Bucket of the compose files. */
    bucketArn: string;
    /** Parameters that a deploy reads. */
    parameterArns: string[];
    /** ARN of the settings' secret; a name's ARN ends in wildcards, since Secrets Manager adds six characters. */
    secretArn: string;
    /** Pattern of the ARNs of the account's instances. */
    instanceArn: string;
    /** KMS key of bucket and repository. @default - none */
    kmsKeyArn?: string;
    /** KMS key of the secret. @default - none */
    secretKmsKeyArn?: string;
}

/**
 * Renders the permissions of a target host: to be managed, pull the one repository's images, and read its compose files, parameters and
 * settings. AWS's own AmazonSSMManagedInstanceCore would allow reading every parameter of the account.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
 */
export function ec2RolePolicy(scope: Ec2RoleScope): string {
    return policyDocument([
        unscopedStatement("LogIn", ["ecr:GetAuthorizationToken"]),
        unscopedStatement("TalkToSystemsManager", [...agentActions]),
        { Sid: "BeManaged", Action: "ssm:UpdateInstanceInformation", Resource: scope.instanceArn },
        {
            Sid: "PullImages",
            Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Resource: scope.repositoryArns,
        },
        { Sid: "ReadComposeFiles", Action: "s3:GetObject", Resource: `${scope.bucketArn}/${composePrefix}/*` },
        {
            Sid: "FindComposeFiles",
            Action: "s3:ListBucket",
            Resource: scope.bucketArn,
            Condition: { StringLike: { "s3:prefix": `${composePrefix}/*` } },
        },
        { Sid: "ReadReleaseParameters", Action: "ssm:GetParameters", Resource: scope.parameterArns },
        { Sid: "ReadSettings", Action: "secretsmanager:GetSecretValue", Resource: scope.secretArn },
        ...(scope.kmsKeyArn === undefined
            ? []
            : [{ Sid: "UseEncryptionKey", Action: "kms:Decrypt", Resource: scope.kmsKeyArn }]),
        ...secretKeyStatements(scope.secretKmsKeyArn),
    ]);
}

/** Renders the trust policy of the role: EC2 may assume it for its instances. */
export function ec2TrustPolicy(): string {
    return policyDocument([
        { Sid: "Instances", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
}
