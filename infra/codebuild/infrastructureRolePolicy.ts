import { policyDocument, type Statement } from "../aws/policyDocument";
import { repositoryResources } from "../aws/repositoryResources";
import { unscopedStatement } from "../aws/unscopedActions";
import { type ProjectScope, sourceStatements, whenAny, writeLogActions } from "./roleStatements";
import { type StateScope, stateStatements } from "./stateStatements";

/** Roles of one kind, all below one path. */
export interface BoundedRoles {
    /** Pattern of the roles' ARNs. */
    roleArns: string;
    /** ARN of the only policy that may bound the roles. */
    boundaryArn: string;
}

/** Resources that `pulumi up` of one environment may change. */
export interface InfrastructureScope extends StateScope, Pick<ProjectScope, "logGroupArn" | "source"> {
    /** Roles of builds that may be created and changed. */
    buildRoles: BoundedRoles;
    /** Roles of pull requests that may be created and changed. */
    pullRequestRoles: BoundedRoles;
    /** Pattern of the path of the role that runs the update. The role can only be read. */
    ownRoleArns: string;
    /** CodeBuild project that runs the update. The project can only be read. */
    ownProjectArn: string;
    /** Log groups that may be created and changed. */
    logGroupArns: string[];
    /** ARNs of the repositories. */
    repositoryArns: string[];
    /** CodeBuild projects, without the one that runs the update. */
    projectArns: string[];
    /** Pattern of the environment's parameters. */
    parameterArns: string;
    /** Bucket that builds use. @default - nothing is built */
    bucketArn?: string;
    /** Pattern of the bucket's objects that updates put there for builds. @default - nothing is built */
    buildToolArns?: string;
    /** Patterns of the proofs in this bucket. @default - nothing is built */
    proofArns?: string[];
}

/** Calls of the aws provider that create, read, change and delete the program's resources, by service. */
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
    // Objects that an update replaces stay (docs/decisions/131).
    objects: ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject"],
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
 * Renders the permissions of `pulumi up` of one environment besides building. It covers the state, the resources, and roles limited to the
 * permissions of builds or pull requests. Only an administrator can widen it: it changes neither this policy nor its role, its project or
 * the boundaries.
 */
export function infrastructureRolePolicy(scope: InfrastructureScope): string {
    const { bucketArn, buildToolArns, proofArns = [] } = scope;
    return policyDocument([
        ...sourceStatements(scope.source),
        ownLogStatement(scope),
        ...stateStatements(scope),
        unscopedStatement("ListLogGroupsAndParameters", ["logs:DescribeLogGroups", "ssm:DescribeParameters"]),
        {
            Sid: "ManageRepositories",
            Action: actions.repositories,
            Resource: repositoryResources(scope.repositoryArns),
        },
        ...whenAny(bucketArn === undefined ? [] : [bucketArn], { Sid: "ManageBucket", Action: actions.bucket }),
        ...whenAny(buildToolArns === undefined ? [] : [buildToolArns], {
            Sid: "ManageBuildTools",
            Action: actions.objects,
        }),
        // With ProveBuilds, which every build has, these are objects of the stack. None is deleted: the image that it names stays as well.
        ...whenAny(proofArns, { Sid: "ReadTagsOfProofs", Action: "s3:GetObjectTagging" }),
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

/** Allows adding to the log of updates, but not deleting or shortening it. */
function ownLogStatement({ logGroupArn }: Pick<InfrastructureScope, "logGroupArn">): Statement {
    return {
        Sid: "WriteOwnLog",
        Action: [...writeLogActions, "logs:ListTagsForResource"],
        Resource: [logGroupArn, `${logGroupArn}:*`],
    };
}

/** Allows creating roles below the environment's paths and giving them permissions, only with the boundary of their kind. */
function roleStatements({
    buildRoles,
    pullRequestRoles,
    ownRoleArns,
    ownProjectArn,
}: InfrastructureScope): Statement[] {
    const roleArns = [buildRoles.roleArns, pullRequestRoles.roleArns];
    return [
        { Sid: "ReadOwnRole", Action: actions.ownRole, Resource: ownRoleArns },
        { Sid: "ReadOwnProject", Action: "codebuild:BatchGetProjects", Resource: ownProjectArn },
        { Sid: "ManageRoles", Action: actions.roles, Resource: roleArns },
        boundedRolesStatement("ManageRolesOfBuilds", buildRoles),
        boundedRolesStatement("ManageRolesOfPullRequests", pullRequestRoles),
        {
            Sid: "HandRolesToCodeBuild",
            Action: "iam:PassRole",
            Resource: roleArns,
            Condition: { StringEquals: { "iam:PassedToService": "codebuild.amazonaws.com" } },
        },
        {
            Sid: "ReadBoundaries",
            Action: actions.boundaries,
            Resource: [buildRoles.boundaryArn, pullRequestRoles.boundaryArn],
        },
    ];
}

function boundedRolesStatement(Sid: string, { roleArns, boundaryArn }: BoundedRoles): Statement {
    return {
        Sid,
        Action: actions.boundedRoles,
        Resource: roleArns,
        Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
    };
}
