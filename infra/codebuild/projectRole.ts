import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../aws/account";
import type { BuildProjectArgs, ProjectRoleArgs } from "./buildProjectArgs";
import { type BuildRoleScope, buildTrustPolicy } from "./buildRolePolicy";
import { buildToolsPrefix } from "../buildTools/contentKey";
import { sourceAccess } from "./projectSettings";
import { networkAccess } from "../aws/networkAccess";
import { baseRepositoryArns, projectArn, secretArn } from "../aws/resourceArns";
import { retentionDefaults } from "../plan/defaults";
import { reportGroupArn } from "./testReport";
import { variableAccess } from "./variableAccess";

/** Creates the log group of a project; a group that CodeBuild creates keeps logs for ever. */
export function createLogGroup(
    name: string,
    args: { projectName: string; logRetentionDays?: number },
    options: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
        `${name}-logs`,
        {
            name: `/aws/codebuild/${args.projectName}`,
            retentionInDays: args.logRetentionDays ?? retentionDefaults.logRetentionDays,
        },
        options,
    );
}

/** Creates the role of a project, which only builds of this project may assume. Its name is generated, unless other accounts name it. */
export function createProjectRole(
    name: string,
    args: ProjectRoleArgs & { roleName?: string },
    account: Account,
    options: pulumi.CustomResourceOptions,
): aws.iam.Role {
    return new aws.iam.Role(
        `${name}-role`,
        {
            description: `Builds of the CodeBuild project ${args.projectName}`,
            name: args.roleName,
            path: args.rolePath,
            assumeRolePolicy: pulumi
                .output(account)
                .apply((known) => buildTrustPolicy(projectArn(args.projectName, known), known.accountId)),
            permissionsBoundary: args.permissionsBoundary,
        },
        options,
    );
}

/** Lists the resources that the role of a project that builds images is bound to. */
export function roleScope(
    args: BuildProjectArgs,
    context: { account: Account; logGroupArn: pulumi.Input<string> },
): pulumi.Output<BuildRoleScope> {
    return pulumi
        .output({
            images: args.images,
            source: args.source,
            pipelineArtifactBucketArn: args.pipelineArtifactBucketArn,
            buildSecrets: args.buildSecrets ?? {},
            variables: args.environmentVariables,
            vpcConfig: args.vpcConfig,
            account: context.account,
            logGroupArn: context.logGroupArn,
            bucketArn: args.bucketArn,
            kmsKeyArn: args.kmsKeyArn,
            secretKmsKeyArn: args.secretKmsKeyArn,
        })
        .apply(
            ({ images, source, pipelineArtifactBucketArn, buildSecrets, variables, vpcConfig, account, ...rest }) => {
                const { parameterArns, secretArns } = variableAccess(variables ?? [], account);
                const hasTests = images.some(({ testTarget }) => testTarget !== undefined);
                const buildSecretArns = Object.values(buildSecrets).map((one) => secretArn(one, account));
                return {
                    repositoryArns: images.map((image) => image.repositoryArn),
                    baseRepositoryArns: images
                        .slice(0, 1)
                        .flatMap(({ repositoryUrl, repositoryArn }) =>
                            baseRepositoryArns(args.policy.baseRegistry, repositoryUrl, repositoryArn),
                        ),
                    secretArns: [...new Set([...buildSecretArns, ...secretArns])],
                    parameterArns,
                    source: sourceAccess(source, account.partition, pipelineArtifactBucketArn),
                    network: networkAccess(vpcConfig, account),
                    ...(hasTests && { reportGroupArn: reportGroupArn(projectArn(args.projectName, account)) }),
                    // Builds in the queue read what an update has replaced.
                    objectKeys: [`${buildToolsPrefix}/*`],
                    ...rest,
                };
            },
        );
}
