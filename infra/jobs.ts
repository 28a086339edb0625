import * as pulumi from "@pulumi/pulumi";
import { currentAccount } from "./aws/account";
import { parameterArn, type PlainAccount, repositoryArnBeside, repositoryArnIn } from "./aws/resourceArns";
import { copyPolicy, copyRoleName } from "./ci/copyPolicy";
import type { PromotionScope } from "./ci/promotionStatements";
import { CiIdentity, type CiIdentityArgs, type ImagePipeline } from "./components";
import type { StackConfig } from "./config/config";
import { releaseParameterName } from "./release/releaseParameters";

/** Creates the roles of CI jobs; none without `ci`. @param deployPolicy policy of deploys, as JSON text */
export function createCiIdentity(
    config: StackConfig,
    pipeline: ImagePipeline,
    deployPolicy: pulumi.Output<string> | undefined,
): CiIdentity | undefined {
    if (config.ci === undefined) return undefined;
    const { github, gitlab } = config.ci;
    const { startBuildPolicy: buildPolicy } = pipeline;
    return new CiIdentity("ci", { github, gitlab, buildPolicy, deployPolicy, copies: copyRole(config, pipeline) });
}

/** Makes the role by which jobs copy the first image to the account of `ci.promoteTo`. */
function copyRole(
    { application, environment, kmsKeyArn, images, ci }: StackConfig,
    { cacheBucketName, images: built, repositoryArns }: ImagePipeline,
): CiIdentityArgs["copies"] {
    const to = ci?.promoteTo;
    if (to === undefined) return undefined;
    const { name } = images[0]!;
    const policy = pulumi
        .output({
            account: currentAccount({}),
            bucketName: cacheBucketName!,
            parameter: built[name]!.imageTagParameter,
            repositoryArn: repositoryArns[name]!,
        })
        .apply(({ account, bucketName, parameter, repositoryArn }) =>
            copyPolicy({
                releaseParameterArn: parameterArn(parameter, account),
                proofs: { bucketArn: `arn:${account.partition}:s3:::${bucketName}`, kmsKeyArn },
                repositoryArn,
                copyToArn: repositoryArnIn(to.repositoryName, { ...account, accountId: to.accountId }),
            }),
        );
    return { roleName: copyRoleName({ application, environment }), policy };
}

/** Lists the resources that a promotion is bound to; undefined where jobs promote nothing from another environment of the account. */
export function promotionScope(
    { application, ci }: StackConfig,
    repositoryArn: string,
    account: PlainAccount,
): PromotionScope | undefined {
    if (ci?.promoteFrom === undefined || ci.promoteFrom.accountId !== undefined) return undefined;
    const { environment, repositoryName, bucketName, kmsKeyArn } = ci.promoteFrom;
    return {
        parameterArn: parameterArn(releaseParameterName(application, environment), account),
        proofs:
            bucketName === undefined
                ? undefined
                : { bucketArn: `arn:${account.partition}:s3:::${bucketName}`, kmsKeyArn },
        copy:
            repositoryName === undefined
                ? undefined
                : { fromArn: repositoryArnBeside(repositoryArn, repositoryName), toArn: repositoryArn },
    };
}
