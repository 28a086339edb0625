import * as pulumi from "@pulumi/pulumi";
import { statementsOf } from "../aws/policyDocument";
import { parameterArn, repositoryArnIn, roleArn } from "../aws/resourceArns";
import { type ActionContext, createActionProject } from "./actionProject";
import {
    deliveryRoleName,
    deployEnvironmentParameterName,
    deployProjectName,
    promoteProjectName,
    scanProjectName,
} from "./deliveryNames";
import type { DeliveryPipelineArgs, PromotionTarget } from "./deliveryPipelineArgs";
import { deployEnvironmentStatement, promotionRoleStatements, scanStatements } from "./deliveryPolicies";
import { createDeployEnvironment } from "./deployEnvironmentParameter";
import type { ProjectAction, StageParts } from "./pipelineStages";

/** Creates the project of the scan gate. */
export function createScan(name: string, args: DeliveryPipelineArgs, context: ActionContext): ProjectAction {
    const { scanLimit = "HIGH", scanAllowList } = args;
    return createActionProject(
        `${name}-scan`,
        {
            projectName: scanProjectName(args),
            description: "Refuses images with findings that are too severe",
            buildspec: "scan.yml",
            variables: {
                SCAN_LIMIT: scanLimit,
                ...(scanAllowList !== undefined && { SCAN_ALLOW_LIST: scanAllowList }),
            },
            statements: pulumi.output(args.repositoryArn).apply(scanStatements),
        },
        context,
    );
}

/** Creates the project that releases to the pipeline's own environment. */
export function createDeploy(name: string, args: DeliveryPipelineArgs, context: ActionContext): StageParts["deploy"] {
    const parameter = createDeployEnvironment(name, args, { parent: context.parent });
    const action = createActionProject(
        `${name}-deploy`,
        {
            projectName: deployProjectName(args),
            description: `Releases images to ${args.environment}`,
            buildspec: "release.yml",
            variables: { TARGET: args.target, DEPLOY_ENV_PARAMETER: parameter.name },
            statements: pulumi
                .all([args.deployPolicy, parameter.arn])
                .apply(([policy, arn]) => [...statementsOf(policy), deployEnvironmentStatement(arn)]),
        },
        context,
    );
    return { ...action, environment: args.environment };
}

/** Creates the project that compares with another environment, and releases to it. */
export function createPromotion(
    name: string,
    args: DeliveryPipelineArgs,
    to: PromotionTarget,
    context: ActionContext,
): StageParts["promotions"][number] {
    const receiver = { application: args.application, environment: to.environment };
    const projectName = promoteProjectName(args, to.environment);
    const places = pulumi
        .output({ account: context.account, parameter: args.imageTagParameter, repositoryArn: args.repositoryArn })
        .apply(({ account, parameter, repositoryArn }) => {
            const owner = { ...account, accountId: to.accountId ?? account.accountId };
            return {
                roleArn: roleArn(deliveryRoleName(receiver), owner),
                releaseParameterArn: parameterArn(parameter, account),
                repositoryArn,
                copyToArn: to.repositoryName === undefined ? undefined : repositoryArnIn(to.repositoryName, owner),
            };
        });
    const action = createActionProject(
        `${name}-promote-${to.environment}`,
        {
            projectName,
            roleName: projectName,
            description: `Releases images of ${args.environment} to ${to.environment}`,
            buildspec: "release.yml",
            variables: {
                TARGET: to.target,
                DEPLOY_ENV_PARAMETER: deployEnvironmentParameterName(receiver),
                DEPLOY_ROLE_ARN: places.roleArn,
                FROM_PARAMETER: args.imageTagParameter,
                FROM_REPOSITORY_URL: args.repositoryUrl,
            },
            statements: pulumi
                .all([places, context.cacheBucketArn])
                .apply(([scope, cacheBucketArn]) =>
                    promotionRoleStatements(scope.roleArn, { ...scope, proofs: { bucketArn: cacheBucketArn } }),
                ),
        },
        context,
    );
    return { ...action, environment: to.environment };
}
