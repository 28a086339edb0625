import { pullActions, pushActions } from "../aws/registryActions";
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
    reportStatements,
    sourceStatements,
    whenAny,
} from "./roleStatements";

/** Resources that the build role's permissions are bound to. */
export interface BuildRoleScope extends ProjectScope {
    /** Repositories that the build pushes images and caches to. */
    repositoryArns: string[];
    /** Repositories of base images in ECR; may end in a wildcard. */
    baseRepositoryArns: string[];
    /** The cache bucket. */
    bucketArn: string;
    /** Keys of the bucket's objects that builds read, such as their tools; may end in a wildcard. */
    objectKeys: string[];
    /** Secrets that builds read; a name's ARN ends in wildcards, since Secrets Manager adds six characters. */
    secretArns: string[];
    /** KMS key of these secrets. @default - none */
    secretKmsKeyArn?: string;
    /** Parameters whose values become variables of the build. */
    parameterArns: string[];
}

/** Actions that a pull of a base image needs. The first pull through a pull-through cache also creates the repository there. */
const basePullActions = [...pullActions, "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"].sort();

/** Key prefix below which builds keep their cached folders. */
export const cachePrefix = "build-cache";

/** Key prefix below which builds leave their artifacts. */
export const artifactsPrefix = "artifacts";

/**
 * Renders the permissions of a build. It may push, pull and prove its own images, and read base images, its tools, secrets and parameters.
 * It may write its own log and its parts of the cache bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 */
export function buildRolePolicy(scope: BuildRoleScope): string {
    return policyDocument(buildStatements(scope));
}

/** Lists the statements of {@link buildRolePolicy}. */
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

/** Allows pulling base images, also the first time through a pull-through cache. */
function baseImagesStatements(baseRepositoryArns: string[]): Statement[] {
    return whenAny(baseRepositoryArns, { Sid: "PullBaseImages", Action: basePullActions });
}

/**
 * Renders the trust policy of the role: CodeBuild may assume it for builds of this one project.
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
