import { policyDocument, type Statement } from "../aws/policyDocument";
import { pushActions } from "../aws/registryActions";

/** Makes the ARN of a Lambda function of the account; its name may hold `*`. */
export function functionArn(
    name: string,
    { partition, region, accountId }: { partition: string; region: string; accountId: string },
): string {
    return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
}

/** Callers besides the account's own roles that reach a repository. */
export interface RepositoryCallers {
    /** ARNs of the Lambda functions that run its images; they may hold `*`. */
    functionArns: string[];
    /** ARNs of roles of other accounts that copy images to it. */
    copyRoleArns: string[];
}

/** Renders the policy of a repository, which admits callers that no role's own policy can admit. */
export function repositoryPolicy({ functionArns, copyRoleArns }: RepositoryCallers): string {
    return policyDocument([
        ...(functionArns.length > 0 ? [functionPulls(functionArns)] : []),
        ...copyRoleArns.map(copies),
    ]);
}

/**
 * Allows Lambda to pull images for these functions, when their code changes and later when Lambda makes new copies.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
 */
function functionPulls(functionArns: string[]): Statement {
    return {
        Sid: "PullForFunctions",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Condition: { StringLike: { "aws:sourceArn": functionArns } },
    };
}

/**
 * Allows a role of another account to copy images into the repository. The role need not exist yet: its account answers for who has the
 * name.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
 */
function copies(roleArn: string, index: number): Statement {
    const [, partition, , , accountId] = roleArn.split(":");
    return {
        Sid: `CopyFromAccount${index}`,
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: ["ecr:DescribeImages", ...pushActions],
        Condition: { ArnEquals: { "aws:PrincipalArn": roleArn } },
    };
}
