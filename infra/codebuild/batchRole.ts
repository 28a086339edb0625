import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../aws/account";
import { policyDocument, type Statement } from "../aws/policyDocument";
import type { ProjectRoleArgs } from "./buildProjectArgs";
import { createProjectRole } from "./projectRole";
import { projectArn } from "../aws/resourceArns";

/**
 * Creates the role that CodeBuild starts the builds of a batch with; the builds themselves run under the project's own role.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build.html
 */
export function createBatchRole(
    name: string,
    args: ProjectRoleArgs,
    account: Account,
    options: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
    const role = createProjectRole(`${name}-batch`, args, account, options);
    const policy = pulumi.output(account).apply((known) => batchRolePolicy(projectArn(args.projectName, known)));
    return {
        role,
        policy: new aws.iam.RolePolicy(`${name}-batch-policy`, { role: role.name, policy }, options),
    };
}

/** Renders the permissions of a batch. */
export function batchRolePolicy(projectArn: string): string {
    return policyDocument([runBatchStatement(projectArn)]);
}

/** Allows starting and ending builds of the batch's project. */
export function runBatchStatement(projectArn: string): Statement {
    return {
        Sid: "RunBuildsOfBatch",
        Action: ["codebuild:RetryBuild", "codebuild:StartBuild", "codebuild:StopBuild"],
        Resource: projectArn,
    };
}
