import { policyDocument, type Statement } from "../iam/policyDocument";
import { unscopedActions } from "../iam/unscopedActions";

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

/**
 * What a build may do: push and pull its own images, read base images, write its own log and its part of the cache bucket.
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
 * The repositories behind a base registry that is part of the account's own ECR (a pull-through cache, for example), so that
 * the role may pull from them; none for a public registry.
 *
 * @param baseRegistry host and prefix, for example `123456789012.dkr.ecr.eu-central-1.amazonaws.com/docker-hub/library`
 * @param repositoryUrl any repository of the account's registry
 */
export function baseRepositoryArns(baseRegistry: string, repositoryUrl: string, repositoryArn: string): string[] {
    const [host, ...prefix] = baseRegistry.split("/");
    if (host !== repositoryUrl.split("/")[0]) return [];
    const registry = repositoryArn.slice(0, repositoryArn.indexOf(":repository/"));
    return [`${registry}:repository/${[...prefix, "*"].join("/")}`];
}

function whenAny(resources: string[], statement: Statement): Statement[] {
    return resources.length === 0 ? [] : [{ ...statement, Resource: resources }];
}
