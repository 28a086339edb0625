import assert from "node:assert/strict";
import { lambdaDeployStatements } from "../../../infra/release/lambda/lambdaDeployStatements";
import { releaseStatements } from "../../../infra/release/releaseStatements";

const parameterArn = "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/dev/config/image-tag";
const repositoryArn = "arn:aws:ecr:eu-central-1:123456789012:repository/shop";
const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:shop-dev";

describe("releaseStatements", () => {
    it("is bound to one parameter and one repository", () => {
        assert.deepEqual(releaseStatements({ parameterArn, repositoryArn }), [
            {
                Sid: "RecordRelease",
                Action: ["ssm:GetParameterHistory", "ssm:LabelParameterVersion", "ssm:PutParameter"],
                Resource: parameterArn,
            },
            {
                Sid: "TagImages",
                Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:PutImage"],
                Resource: repositoryArn,
            },
        ]);
    });
});

describe("lambdaDeployStatements", () => {
    it("is bound to one function with its versions and aliases, and the repository of its image", () => {
        assert.deepEqual(lambdaDeployStatements({ functionArn, repositoryArn }), [
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
                Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                Resource: repositoryArn,
            },
        ]);
    });
});
