import type { Statement } from "../aws/policyDocument";

/** Resources that recording a release is bound to. */
export interface ReleaseScope {
    /** ARN of the parameter that holds the released image. */
    parameterArn: string;
    /** ARN of the image's repository. */
    repositoryArn: string;
}

/**
 * Allows the calls of every deploy that check an image and record the release (deploy/lib). These read and change one parameter, and read
 * and tag images of one repository. ECR has no permission for single tags, so a deploy may move every movable tag there; pushing layers is
 * not part of it.
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
