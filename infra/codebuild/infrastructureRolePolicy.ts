import { policyDocument, type Statement } from "../aws/policyDocument";
import { repositoryResources } from "../aws/repositoryResources";
import { unscopedStatement } from "../aws/unscopedActions";
import { type ProjectScope, sourceStatements, whenAny, writeLogActions } from "./roleStatements";
import { type StateScope, stateStatements } from "./stateStatements";

/** Roles of one kind, all below one path. */
export interface BoundedRoles {
    /** Pattern of their ARNs. */
    roleArns: string;
    /** The only policy that may bound them. */
    boundaryArn: string;
}

/** The resources that `pulumi up` of one environment may change. */
export interface InfrastructureScope extends StateScope, Pick<ProjectScope, "logGroupArn" | "source"> {
    /** Roles of builds that may be made and changed. */
    buildRoles: BoundedRoles;
    /** Roles of pull requests that may be made and changed. */
    pullRequestRoles: BoundedRoles;
    /** The role that runs the update: the pattern of its path. It can be read only. */
    ownRoleArns: string;
    /** The CodeBuild project that runs the update. It can be read only. */
    ownProjectArn: string;
    /** Log groups that may be made and changed. */
    logGroupArns: string[];
    /** Repositories. */
    repositoryArns: string[];
    /** CodeBuild projects, without the one that runs the update. */
    projectArns: string[];
    /** The pattern of the environment's parameters. */
    parameterArns: string;
    /** Bucket that builds use. @default - nothing is built */
    bucketArn?: string;
    /** Pattern of the objects of this bucket that updates put there for builds. @default - nothing is built */
    buildToolArns?: string;
    /** Patterns of the proofs in this bucket. @default - nothing is built */
    proofArns?: string[];
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
    // What an update replaces stays (docs/decisions/131).
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
 * Renders what `pulumi up` of one environment may do besides building: its state, its resources, and roles that can do no more than builds or
 * pull requests. What would widen it, an administrator applies: neither this policy nor the role, the project or the boundaries can be
 * changed with it.
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

/** Adding to the log of updates, which an update cannot delete or shorten. */
function ownLogStatement({ logGroupArn }: Pick<InfrastructureScope, "logGroupArn">): Statement {
    return {
        Sid: "WriteOwnLog",
        Action: [...writeLogActions, "logs:ListTagsForResource"],
        Resource: [logGroupArn, `${logGroupArn}:*`],
    };
}

/** Roles below the environment's paths, made and given permissions only with the boundary of their kind. */
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
