import type { Statement } from "../../aws/policyDocument";

/** Resources that a deploy to Lambda is bound to. */
export interface LambdaDeployScope {
    /** ARN of the function, without a version. */
    functionArn: string;
    /** ARN of the repository of the function's image. */
    repositoryArn: string;
}

/**
 * Allows the calls of `deploy/lambda.sh` to Lambda: new code for one function, its versions, its aliases, and invocations for the health
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
