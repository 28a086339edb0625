import { policyDocument } from "../aws/policyDocument";

/** Makes the ARN of a Lambda function of the account; its name may hold `*`. */
export function functionArn(
    name: string,
    { partition, region, accountId }: { partition: string; region: string; accountId: string },
): string {
    return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
}

/**
 * Allows Lambda to pull a repository's images for these functions, when their code changes and later when Lambda makes new copies.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
 */
export function functionPullPolicy(functionArns: string[]): string {
    return policyDocument([
        {
            Sid: "PullForFunctions",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Condition: { StringLike: { "aws:sourceArn": functionArns } },
        },
    ]);
}
