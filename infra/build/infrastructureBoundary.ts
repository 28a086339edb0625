import { policyDocument } from "../iam/policyDocument";
import { repositoryResources } from "../iam/repositoryResources";
import { secretKeyStatements } from "../iam/secretKeyStatements";
import { unscopedStatement } from "../iam/unscopedActions";
import { type InfrastructureScope, roleStatements, stateStatements } from "./infrastructureRolePolicy";
import { keyStatements, networkStatements, sourceStatements, whenAny } from "./roleStatements";

/**
 * The permissions boundary of the role that updates the stack, and of the roles that it makes: whatever they are given, it ends at
 * the resources of this environment, and at roles with such a boundary. Unlike in policies that grant, services stand here
 * with all their actions: a boundary grants nothing, and may have 6144 characters only (docs/decisions/021).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
export function infrastructureBoundary(scope: InfrastructureScope): string {
    const { build, logGroupArns, projectArns, repositoryArns } = scope;
    return policyDocument([
        unscopedStatement("LogInAndList", [
            "ecr:GetAuthorizationToken",
            "logs:DescribeLogGroups",
            "ssm:DescribeParameters",
        ]),
        {
            Sid: "Repositories",
            Action: "ecr:*",
            Resource: [...repositoryResources(repositoryArns), ...(build?.baseRepositoryArns ?? [])],
        },
        { Sid: "Projects", Action: "codebuild:*", Resource: projectArns },
        { Sid: "Logs", Action: "logs:*", Resource: logGroupArns.flatMap((arn) => [arn, `${arn}:*`]) },
        { Sid: "Parameters", Action: "ssm:*", Resource: [scope.parameterArns, ...(build?.parameterArns ?? [])] },
        ...whenAny(build === undefined ? [] : [build.bucketArn, `${build.bucketArn}/*`], {
            Sid: "Bucket",
            Action: "s3:*",
        }),
        ...whenAny(build?.secretArns ?? [], { Sid: "Secrets", Action: "secretsmanager:GetSecretValue" }),
        ...sourceStatements(scope.source),
        ...networkStatements(build?.network),
        ...keyStatements(build?.kmsKeyArn, "write"),
        ...secretKeyStatements(build?.secretKmsKeyArn),
        ...stateStatements(scope),
        ...roleStatements(scope),
    ]);
}
