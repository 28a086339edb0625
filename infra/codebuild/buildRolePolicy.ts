import { policyDocument, type Statement } from "../aws/policyDocument";
import { repositoryResources } from "../aws/repositoryResources";
import { secretKeyStatements } from "../aws/secretKeyStatements";
import {
    buildToolsStatement,
    keyStatements,
    logIn,
    logStatement,
    networkStatements,
    proofResources,
    type ProjectScope,
    pullActions,
    pushActions,
    reportStatements,
    sourceStatements,
    whenAny,
} from "./roleStatements";

/** What the build role's permissions are bound to. */
export interface BuildRoleScope extends ProjectScope {
    /** Repositories that the build pushes images and caches to. */
    repositoryArns: string[];
    /** Repositories of base images that only ECR hands out; may end in a wildcard. */
    baseRepositoryArns: string[];
    /** The cache bucket. */
    bucketArn: string;
    /** Keys of the objects of the bucket that builds read, such as their tools; may end in a wildcard. */
    objectKeys: string[];
    /** Secrets that builds read; a name's ARN ends in wildcards, since Secrets Manager adds six characters. */
    secretArns: string[];
    /** KMS key of these secrets. @default - none */
    secretKmsKeyArn?: string;
    /** Parameters that variables of the build are taken from. */
    parameterArns: string[];
}

/** The first pull of an image through a pull-through cache also creates its repository there. */
const basePullActions = [...pullActions, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"].sort();

/** Key prefix below which builds keep their cached folders. */
export const cachePrefix = "build-cache";

/** Key prefix below which builds leave their artifacts. */
export const artifactsPrefix = "artifacts";

/**
 * Renders what a build may do: push and pull its own images, prove that it built them, read base images, its tools, secrets and parameters,
 * write its own log and its parts of the cache bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 */
export function buildRolePolicy(scope: BuildRoleScope): string {
    return policyDocument(buildStatements(scope));
}

/** The statements of {@link buildRolePolicy}. */
export function buildStatements(scope: BuildRoleScope): Statement[] {
    return [
        logIn,
        { Sid: "PushImagesAndCache", Action: pushActions, Resource: repositoryResources(scope.repositoryArns) },
        ...baseImagesStatements(scope.baseRepositoryArns),
        logStatement(scope),
        ...reportStatements(scope),
        ...sourceStatements(scope.source),
        ...networkStatements(scope.network),
        buildToolsStatement(scope.bucketArn, scope.objectKeys),
        {
            Sid: "ProveBuilds",
            Action: ["s3:GetObject", "s3:PutObject"],
            Resource: proofResources(scope.bucketArn, scope.repositoryArns),
        },
        ...whenAny(scope.secretArns, { Sid: "ReadBuildSecrets", Action: "secretsmanager:GetSecretValue" }),
        ...whenAny(scope.parameterArns, { Sid: "ReadBuildParameters", Action: "ssm:GetParameters" }),
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
        ...keyStatements(scope.kmsKeyArn, "write"),
        ...secretKeyStatements(scope.secretArns.length > 0 ? scope.secretKmsKeyArn : undefined),
    ];
}

/** Pulling base images, also the first time through a pull-through cache. */
export function baseImagesStatements(baseRepositoryArns: string[]): Statement[] {
    return whenAny(baseRepositoryArns, { Sid: "PullBaseImages", Action: basePullActions });
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
