import { policyDocument, type Statement } from "../iam/policyDocument";
import { unscopedActions } from "../iam/unscopedActions";
import type { SourceAccess } from "./projectSettings";

/** What the build role's permissions are bound to. */
export interface BuildRoleScope {
    /** Repositories that the build pushes images and caches to. */
    repositoryArns: string[];
    /** Repositories of base images that only ECR hands out; may end in a wildcard. */
    baseRepositoryArns: string[];
    /** The project's log group. */
    logGroupArn: string;
    /** The cache bucket. */
    bucketArn: string;
    /** Keys of the objects of the bucket that builds read: their tools. */
    objectKeys: string[];
    /** Secrets that builds read; a name's ARN ends in wildcards, since Secrets Manager adds six characters. */
    secretArns: string[];
    /** What fetching the source needs. */
    source: SourceAccess;
    /** KMS key of bucket and repositories. @default - none */
    kmsKeyArn?: string;
}

/** What `docker push` and an import of the cache need (push, and pull of what a miss has to read). */
const pushActions = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];

/** The first pull of an image through a pull-through cache also creates its repository there. */
const basePullActions = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    "ecr:GetDownloadUrlForLayer",
];

/** Key prefix below which builds keep their cached folders. */
export const cachePrefix = "build-cache";

/** Key prefix below which builds leave their artifacts. */
export const artifactsPrefix = "artifacts";

/**
 * What a build may do: push and pull its own images, read base images, its tools and secrets, write its own log and its parts of
 * the cache bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 */
export function buildRolePolicy(scope: BuildRoleScope): string {
    return policyDocument([
        { Sid: "LogIn", Action: Object.keys(unscopedActions), Resource: "*" },
        { Sid: "PushImagesAndCache", Action: pushActions, Resource: scope.repositoryArns },
        ...whenAny(scope.baseRepositoryArns, { Sid: "PullBaseImages", Action: basePullActions }),
        {
            Sid: "WriteLog",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: [scope.logGroupArn, `${scope.logGroupArn}:*`],
        },
        ...sourceStatements(scope),
        {
            Sid: "ReadBuildTools",
            Action: "s3:GetObject",
            Resource: scope.objectKeys.map((key) => `${scope.bucketArn}/${key}`),
        },
        ...whenAny(scope.secretArns, { Sid: "ReadBuildSecrets", Action: "secretsmanager:GetSecretValue" }),
        {
            Sid: "DeliverArtifacts",
            // CodeBuild first makes sure whose bucket it is.
            Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:PutObject"],
            Resource: [scope.bucketArn, `${scope.bucketArn}/${artifactsPrefix}/*`],
        },
        {
            Sid: "KeepCachedFolders",
            Action: ["s3:GetObject", "s3:PutObject"],
            Resource: `${scope.bucketArn}/${cachePrefix}/*`,
        },
        {
            Sid: "FindCachedFolders",
            Action: "s3:ListBucket",
            Resource: scope.bucketArn,
            Condition: { StringLike: { "s3:prefix": `${cachePrefix}/*` } },
        },
        ...whenAny(scope.kmsKeyArn === undefined ? [] : [scope.kmsKeyArn], {
            Sid: "UseEncryptionKey",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        }),
    ]);
}

/**
 * Who may assume the role: CodeBuild, for builds of this one project.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
 */
export function buildTrustPolicy(projectArn: string, accountId: string): string {
    return policyDocument([
        {
            Sid: "BuildsOfThisProject",
            Principal: { Service: "codebuild.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": accountId, "aws:SourceArn": projectArn } },
        },
    ]);
}

/**
 * Fetching the source.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html
 */
function sourceStatements({ source, bucketArn }: BuildRoleScope): Statement[] {
    const { connectionArn, s3Location } = source;
    // An ARN of before 2024 names the service by its old name, and so do the actions on it.
    const service = connectionArn?.split(":")[2];
    const partition = bucketArn.split(":")[1];
    return [
        ...whenAny(connectionArn === undefined ? [] : [connectionArn], {
            Sid: "UseSourceConnection",
            Action: ["GetConnection", "GetConnectionToken", "UseConnection"].map((action) => `${service}:${action}`),
        }),
        ...whenAny(s3Location === undefined ? [] : [`arn:${partition}:s3:::${s3Location}`], {
            Sid: "ReadSource",
            Action: ["s3:GetObject", "s3:GetObjectVersion"],
        }),
    ];
}

function whenAny(resources: string[], statement: Statement): Statement[] {
    return resources.length === 0 ? [] : [{ ...statement, Resource: resources }];
}
