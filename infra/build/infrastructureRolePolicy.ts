import { policyDocument, type Statement } from "../iam/policyDocument";
import { repositoryResources } from "../iam/repositoryResources";
import { unscopedStatement } from "../iam/unscopedActions";
import { artifactsPrefix, type BuildRoleScope, buildStatements } from "./buildRolePolicy";
import { logStatement, proofResources, type ProjectScope, sourceStatements, whenAny } from "./roleStatements";

/** What `pulumi up` of one environment may change. */
export interface InfrastructureScope extends Pick<ProjectScope, "logGroupArn" | "source"> {
    /** Bucket of the state. */
    stateBucketArn: string;
    /** KMS key of the state's secrets and bucket. @default - none */
    stateKeyArn?: string;
    /** Roles that may be made and changed: the pattern of their path. */
    roleArns: string;
    /** The role that runs the update: the pattern of its path. It can be read only. */
    ownRoleArns: string;
    /** The CodeBuild project that runs the update. It can be read only. */
    ownProjectArn: string;
    /** Log groups that may be made and changed. */
    logGroupArns: string[];
    /** Policies of which one must bound every role that is made. */
    boundaryArns: string[];
    /** Repositories. */
    repositoryArns: string[];
    /** CodeBuild projects, without the one that runs the update. */
    projectArns: string[];
    /** The pattern of the environment's parameters. */
    parameterArns: string;
    /** What builds may do; the update builds as well, and their roles are bounded by this policy. @default - nothing is built */
    build?: BuildRoleScope;
}

/** What the aws provider calls to create, read, change and delete the program's resources, by service. */
const actions = {
    repositories: [
        "ecr:CreateRepository",
        "ecr:DeleteLifecyclePolicy",
        "ecr:DeleteRepository",
        "ecr:DescribeImages",
        "ecr:DescribeRepositories",
        "ecr:GetLifecyclePolicy",
        "ecr:ListTagsForResource",
        "ecr:PutImageScanningConfiguration",
        "ecr:PutImageTagMutability",
        "ecr:PutLifecyclePolicy",
        "ecr:TagResource",
        "ecr:UntagResource",
    ],
    bucket: [
        "s3:CreateBucket",
        "s3:DeleteBucketPolicy",
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketLogging",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
    ],
    objects: ["s3:DeleteObject", "s3:GetObject", "s3:GetObjectTagging", "s3:PutObject"],
    projects: [
        "codebuild:BatchGetProjects",
        "codebuild:CreateProject",
        "codebuild:CreateWebhook",
        "codebuild:DeleteProject",
        "codebuild:DeleteWebhook",
        "codebuild:UpdateProject",
        "codebuild:UpdateWebhook",
    ],
    logs: [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:ListTagsForResource",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
    ],
    parameters: [
        "ssm:AddTagsToResource",
        "ssm:DeleteParameter",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:ListTagsForResource",
        "ssm:PutParameter",
    ],
    roles: [
        "iam:DeleteRole",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:TagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
    ],
    boundedRoles: ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
    ownRole: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
    boundaries: ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"],
};

/**
 * What `pulumi up` of one environment may do: its state, its resources, and roles that are no mightier than itself. What would widen it, an
 * administrator applies: neither this policy nor the role or the project that it belongs to can be changed with it.
 */
export function infrastructureRolePolicy(scope: InfrastructureScope): string {
    return policyDocument([
        ...(scope.build === undefined ? sourceStatements(scope.source) : buildStatements(scope.build)),
        { ...logStatement(scope), Sid: "WriteOwnLog" },
        ...stateStatements(scope),
        unscopedStatement("ListLogGroupsAndParameters", ["logs:DescribeLogGroups", "ssm:DescribeParameters"]),
        {
            Sid: "ManageRepositories",
            Action: actions.repositories,
            Resource: repositoryResources(scope.repositoryArns),
        },
        ...whenAny(scope.build === undefined ? [] : [scope.build.bucketArn], {
            Sid: "ManageBucket",
            Action: actions.bucket,
        }),
        ...whenAny(scope.build?.objectKeys.map((key) => `${scope.build?.bucketArn}/${key}`) ?? [], {
            Sid: "ManageBuildTools",
            Action: actions.objects,
        }),
        // With ProveBuilds, which every build has, these are objects of the stack. None is deleted: the image that it names stays as well.
        ...whenAny(scope.build === undefined ? [] : proofResources(scope.build.bucketArn, scope.build.repositoryArns), {
            Sid: "ReadTagsOfProofs",
            Action: "s3:GetObjectTagging",
        }),
        { Sid: "ManageProjects", Action: actions.projects, Resource: scope.projectArns },
        {
            Sid: "ManageLogs",
            Action: actions.logs,
            Resource: scope.logGroupArns.flatMap((arn) => [arn, `${arn}:*`]),
        },
        { Sid: "ManageParameters", Action: actions.parameters, Resource: scope.parameterArns },
        ...roleStatements(scope),
    ]);
}

/**
 * Reading and writing state, its secrets and artifacts.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/state-and-backends/#aws-s3
 */
export function stateStatements({ stateBucketArn, stateKeyArn }: InfrastructureScope): Statement[] {
    return [
        {
            Sid: "KeepState",
            Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            Resource: `${stateBucketArn}/.pulumi/*`,
        },
        {
            Sid: "FindState",
            Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"],
            Resource: stateBucketArn,
        },
        { Sid: "DeliverPlan", Action: "s3:PutObject", Resource: `${stateBucketArn}/${artifactsPrefix}/*` },
        ...whenAny(stateKeyArn === undefined ? [] : [stateKeyArn], {
            Sid: "UseStateKey",
            Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        }),
    ];
}

/** Roles below the environment's path, made and given permissions only with a boundary. */
export function roleStatements({
    roleArns,
    boundaryArns,
    ownRoleArns,
    ownProjectArn,
}: InfrastructureScope): Statement[] {
    return [
        { Sid: "ReadOwnRole", Action: actions.ownRole, Resource: ownRoleArns },
        { Sid: "ReadOwnProject", Action: "codebuild:BatchGetProjects", Resource: ownProjectArn },
        { Sid: "ManageRoles", Action: actions.roles, Resource: roleArns },
        {
            Sid: "ManageBoundedRoles",
            Action: actions.boundedRoles,
            Resource: roleArns,
            Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArns } },
        },
        {
            Sid: "HandRolesToCodeBuild",
            Action: "iam:PassRole",
            Resource: roleArns,
            Condition: { StringEquals: { "iam:PassedToService": "codebuild.amazonaws.com" } },
        },
        { Sid: "ReadBoundaries", Action: actions.boundaries, Resource: boundaryArns },
    ];
}
