import type { Statement } from "../iam/policyDocument";
import { unscopedStatement } from "../iam/unscopedActions";

/** What a promotion from another environment is bound to. */
export interface PromotionScope {
    /** ARN of the parameter that holds the other environment's releases. */
    parameterArn: string;
    /** The repositories between which images are copied. @default - images stay in the one repository of both */
    copy?: {
        /** ARN of the repository that images come from. */
        fromArn: string;
        /** ARN of the repository that they are copied to. */
        toArn: string;
    };
}

/**
 * What `deploy/promote.sh` needs besides the deploy's own permissions: read what another environment has released and, where the
 * repositories differ, copy images from its repository into this one.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function promotionStatements({ parameterArn, copy }: PromotionScope): Statement[] {
    return [
        {
            Sid: "ReadReleasesOfSource",
            Action: ["ssm:GetParameter", "ssm:GetParameterHistory"],
            // A version or label may stand behind the name.
            Resource: [parameterArn, `${parameterArn}:*`],
        },
        ...(copy === undefined ? [] : copyStatements(copy)),
    ];
}

function copyStatements({ fromArn, toArn }: NonNullable<PromotionScope["copy"]>): Statement[] {
    return [
        unscopedStatement("LogIn", ["ecr:GetAuthorizationToken"]),
        {
            Sid: "ReadImagesOfSource",
            Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"],
            Resource: fromArn,
        },
        {
            // With TagImages, which every deploy has, this is a push.
            Sid: "CopyLayers",
            Action: [
                "ecr:BatchCheckLayerAvailability",
                "ecr:CompleteLayerUpload",
                "ecr:InitiateLayerUpload",
                "ecr:UploadLayerPart",
            ],
            Resource: toArn,
        },
    ];
}
