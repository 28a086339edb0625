import type { Statement } from "../aws/policyDocument";

/** What recording a release is bound to. */
export interface ReleaseScope {
    /** ARN of the parameter that holds the released image. */
    parameterArn: string;
    /** ARN of the image's repository. */
    repositoryArn: string;
}

/**
 * What every deploy needs to check an image and to record the release (deploy/lib): read and move one parameter, read images of
 * one repository and give them tags. ECR knows no permission for single tags, so this may move every movable tag there; pushing
 * layers is not part of it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html
 */
export function releaseStatements({ parameterArn, repositoryArn }: ReleaseScope): Statement[] {
    return [
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
    ];
}
