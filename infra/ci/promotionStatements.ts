import type { Statement } from "../aws/policyDocument";
import { unscopedStatement } from "../aws/unscopedActions";
import { proofsPrefix } from "../plan/proofKey";

/** Place of the proofs of built images. */
export interface ProofPlace {
    /** ARN of the cache bucket of the environment that builds. */
    bucketArn: string;
    /** ARN of the KMS key that encrypts the bucket. @default - a key of S3's own */
    kmsKeyArn?: string;
}

/** Repositories between which images are copied. */
export interface CopiedRepositories {
    /** ARN of the repository that images come from. */
    fromArn: string;
    /** ARN of the repository that images are copied to. */
    toArn: string;
}

/** Resources that a promotion from another environment is bound to. */
export interface PromotionScope {
    /** ARN of the parameter that holds the other environment's releases. */
    parameterArn: string;
    /** Proofs of built images. @default - none can be read, and nothing is promoted */
    proofs?: ProofPlace;
    /** Repositories between which images are copied. @default - images stay in the one repository of both */
    copy?: CopiedRepositories;
}

/**
 * Allows the calls of `deploy/promote.sh` besides the deploy's own permissions: reading another environment's release and the proof of its
 * build. Where the repositories differ, images may be copied from its repository into this one.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function promotionStatements({ parameterArn, proofs, copy }: PromotionScope): Statement[] {
    return [
        {
            Sid: "ReadReleasesOfSource",
            Action: "ssm:GetParameterHistory",
            Resource: parameterArn,
        },
        ...(proofs === undefined ? [] : proofStatements(proofs)),
        ...(copy === undefined ? [] : copyStatements(copy)),
    ];
}

function proofStatements({ bucketArn, kmsKeyArn }: ProofPlace): Statement[] {
    const key = { Sid: "DecryptProofs", Action: "kms:Decrypt", Resource: kmsKeyArn };
    return [
        { Sid: "ReadProofs", Action: "s3:GetObject", Resource: `${bucketArn}/${proofsPrefix}/*` },
        ...(kmsKeyArn === undefined ? [] : [key]),
    ];
}

function copyStatements({ fromArn, toArn }: CopiedRepositories): Statement[] {
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
