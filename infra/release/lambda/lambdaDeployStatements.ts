import type { Statement } from "../../aws/policyDocument";

/** What a deploy to Lambda is bound to. */
export interface LambdaDeployScope {
    /** ARN of the function, without a version. */
    functionArn: string;
    /** The repository that the function's image comes from. */
    repositoryArn: string;
}

/**
 * What `deploy/lambda.sh` needs of Lambda: new code for one function, its versions, its aliases, and calls of it for the health
 * check.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 */
export function lambdaDeployStatements({ functionArn, repositoryArn }: LambdaDeployScope): Statement[] {
    return [
        {
            Sid: "MoveFunction",
            Action: [
                "lambda:GetAlias",
                "lambda:GetFunction",
                "lambda:GetFunctionConfiguration",
                "lambda:InvokeFunction",
                "lambda:ListVersionsByFunction",
                "lambda:PublishVersion",
                "lambda:UpdateAlias",
                "lambda:UpdateFunctionCode",
            ],
            Resource: [functionArn, `${functionArn}:*`],
        },
        {
            Sid: "HandOverImage",
            // Lambda asks whether its caller may pull the image.
            Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            Resource: repositoryArn,
        },
    ];
}
