import { policyDocument, type Statement } from "../aws/policyDocument";
import { buildToolsStatement, keyStatements, logStatement, whenAny } from "../codebuild/roleStatements";
import { type CopyScope, copyStatements } from "../ci/copyPolicy";

/** Bucket of the sources, with the key that encrypts it. */
export interface ArtifactScope {
    /** ARN of the bucket. */
    artifactBucketArn: string;
    /** ARN of the KMS key of the bucket. @default - a key of S3's own */
    kmsKeyArn?: string;
}

/**
 * Renders the trust policy of the pipeline's role: CodePipeline may assume it for this one pipeline.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/cross-service-confused-deputy-prevention.html
 */
export function pipelineTrustPolicy(pipelineArn: string, accountId: string): string {
    return policyDocument([
        {
            Sid: "ThisPipeline",
            Principal: { Service: "codepipeline.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": accountId, "aws:SourceArn": pipelineArn } },
        },
    ]);
}

/**
 * Renders the permissions of the pipeline itself: roles of its actions, and its bucket, which CodePipeline looks at before an execution.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
 */
export function pipelineRolePolicy(actionRoleArns: string[], { artifactBucketArn, kmsKeyArn }: ArtifactScope): string {
    return policyDocument([
        { Sid: "ActByRoles", Action: "sts:AssumeRole", Resource: actionRoleArns },
        {
            Sid: "FindArtifacts",
            Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
            Resource: artifactBucketArn,
        },
        { Sid: "PassArtifacts", Action: ["s3:GetObject", "s3:PutObject"], Resource: `${artifactBucketArn}/*` },
        ...keyStatements(kmsKeyArn, "write"),
    ]);
}

/** Renders the trust policy of an action's role, which the pipeline assumes. */
export function actionTrustPolicy(pipelineRoleArn: string): string {
    return policyDocument([{ Sid: "ThisPipeline", Principal: { AWS: pipelineRoleArn }, Action: "sts:AssumeRole" }]);
}

/**
 * Renders the permissions of the action that fetches the source.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
 */
export function sourceRolePolicy(connectionArn: string, { artifactBucketArn, kmsKeyArn }: ArtifactScope): string {
    // An ARN of before 2024 names the service by its old name, and so does the action on it.
    const service = connectionArn.split(":")[2];
    return policyDocument([
        { Sid: "UseConnection", Action: `${service}:UseConnection`, Resource: connectionArn },
        { Sid: "DeliverSource", Action: ["s3:PutObject", "s3:PutObjectAcl"], Resource: `${artifactBucketArn}/*` },
        ...keyStatements(kmsKeyArn, "write"),
    ]);
}

/** Renders the permissions of an action that runs a project: starting, following and stopping its builds. */
export function startRolePolicy(projectArn: string): string {
    return policyDocument([
        {
            Sid: "RunProject",
            Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
            Resource: projectArn,
        },
    ]);
}

/** Resources of every project of an action. */
export interface ActionProjectScope extends ArtifactScope {
    /** ARN of the project's log group. */
    logGroupArn: string;
    /** ARN of the bucket that holds the build tools. */
    cacheBucketArn: string;
    /** Key of the build tools. */
    buildToolsKey: string;
}

/** Lists the permissions that every project of an action needs: its log, its source and its tools. */
export function actionProjectStatements(scope: ActionProjectScope): Statement[] {
    return [
        logStatement(scope),
        {
            Sid: "ReadSource",
            Action: ["s3:GetObject", "s3:GetObjectVersion"],
            Resource: `${scope.artifactBucketArn}/*`,
        },
        buildToolsStatement(scope.cacheBucketArn, [scope.buildToolsKey]),
        ...keyStatements(scope.kmsKeyArn, "read"),
    ];
}

/**
 * Lists the permissions of the scan gate. Enhanced findings are Inspector's, and ECR asks for its permissions as well.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html
 */
export function scanStatements(repositoryArn: string): Statement[] {
    return [
        {
            Sid: "ReadFindings",
            Action: ["ecr:BatchGetImage", "ecr:DescribeImageScanFindings"],
            Resource: repositoryArn,
        },
    ];
}

/** Lists the permission that a release to the pipeline's own environment needs besides those of every deploy. */
export function deployEnvironmentStatement(parameterArn: string): Statement {
    return { Sid: "ReadDeployEnvironment", Action: "ssm:GetParameter", Resource: parameterArn };
}

/**
 * Lists the permissions of a promotion: checking that this environment built and released the image, copying it, and the role of the
 * environment that receives it.
 *
 * @param roleArn ARN of the role of the environment that receives the image
 */
export function promotionRoleStatements(roleArn: string, scope: CopyScope): Statement[] {
    return [{ Sid: "ActInOtherEnvironment", Action: "sts:AssumeRole", Resource: roleArn }, ...copyStatements(scope)];
}

/**
 * Renders the trust policy of the role by which another environment's pipeline releases to this one. The account may be another one, and
 * the pipeline's role need not exist yet: the account answers for who has this name.
 *
 * @param promoteRoleArn role of the project that promotes
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 */
export function deliveryTrustPolicy(promoteRoleArn: string): string {
    const [, partition, , , accountId] = promoteRoleArn.split(":");
    return policyDocument([
        {
            Sid: "PromotionsOfThePipeline",
            Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
            Action: "sts:AssumeRole",
            Condition: { ArnEquals: { "aws:PrincipalArn": promoteRoleArn } },
        },
    ]);
}

/** Renders the permissions of people who approve: seeing the pipeline, and answering its approvals. @param approvalArns ARNs of actions */
export function approvalPolicy(pipelineArn: string, approvalArns: string[]): string {
    return policyDocument([
        {
            Sid: "SeePipeline",
            Action: ["codepipeline:GetPipelineState", "codepipeline:ListActionExecutions"],
            Resource: pipelineArn,
        },
        ...whenAny(approvalArns, { Sid: "Approve", Action: "codepipeline:PutApprovalResult" }),
    ]);
}
