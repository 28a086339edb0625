import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../aws/account";
import { artifactsPrefix } from "./buildRolePolicy";
import { buildToolsPrefix } from "../buildTools/contentKey";
import type { InfrastructureProjectArgs } from "./infrastructureProjectArgs";
import type { InfrastructureScope } from "./infrastructureRolePolicy";
import { boundaryName, buildProjectName, pullRequestProjectName, rolePath } from "./projectNames";
import { sourceAccess } from "./projectSettings";
import { logGroupArn, projectArn } from "../aws/resourceArns";
import { proofResources } from "./roleStatements";

/** Names the place of plans and outputs in the bucket of the state, which other stacks may share. */
export function artifactsPath(projectName: string): string {
    return `${artifactsPrefix}/${projectName}`;
}

/** Names the resources that the role of updates is bound to. @param ownName name of the project that the role belongs to */
export function infrastructureScope(
    args: InfrastructureProjectArgs,
    ownName: string,
    account: Account,
): pulumi.Output<InfrastructureScope> {
    const { application, environment } = args;
    const buildName = args.build?.projectName ?? buildProjectName(args);
    const pullRequestName = pullRequestProjectName(buildName);
    return pulumi
        .output({
            account,
            source: args.source,
            repositoryArns: args.repositoryArns,
            bucketArn: args.build?.bucketArn,
            stateBucket: args.stateBucket,
            stateKeyArn: args.stateKeyArn,
        })
        .apply(({ account, source, repositoryArns, bucketArn, stateBucket, stateKeyArn }) => {
            const { partition, accountId } = account;
            const iam = (resource: string) => `arn:${partition}:iam::${accountId}:${resource}`;
            const bounded = (kind: "builds" | "pull-requests", projectName: string) => ({
                roleArns: iam(`role${rolePath(args, kind)}*`),
                boundaryArn: iam(`policy/${boundaryName(projectName)}`),
            });
            return {
                stack: `${application}/${environment}`,
                source: sourceAccess(source, partition),
                repositoryArns,
                bucketArn,
                buildToolArns: bucketArn && `${bucketArn}/${buildToolsPrefix}/*`,
                proofArns: bucketArn === undefined ? undefined : proofResources(bucketArn, repositoryArns),
                stateBucketArn: `arn:${partition}:s3:::${stateBucket}`,
                artifactArns: `arn:${partition}:s3:::${stateBucket}/${artifactsPath(ownName)}/*`,
                stateKeyArn,
                buildRoles: bounded("builds", buildName),
                pullRequestRoles: bounded("pull-requests", pullRequestName),
                ownRoleArns: iam(`role${rolePath(args, "infrastructure")}*`),
                ownProjectArn: projectArn(ownName, account),
                projectArns: [buildName, pullRequestName].map((name) => projectArn(name, account)),
                logGroupArn: logGroupArn(ownName, account),
                logGroupArns: [buildName, pullRequestName].map((name) => logGroupArn(name, account)),
                parameterArns: `arn:${partition}:ssm:${account.region}:${accountId}:parameter/${application}/${environment}/*`,
            };
        });
}
