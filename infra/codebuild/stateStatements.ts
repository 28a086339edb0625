import type { Statement } from "../aws/policyDocument";
import { encryptActions } from "./roleStatements";

/** State of one stack. */
export interface StateScope {
    /** Pulumi's project and stack, joined by a slash. */
    stack: string;
    /** Bucket of the state. */
    stateBucketArn: string;
    /** Pattern of the plans and outputs in the bucket. */
    artifactArns: string;
    /** KMS key of the state's secrets and bucket. @default - none */
    stateKeyArn?: string;
}

/**
 * Allows reading and writing the stack's own state, its secrets and artifacts. Other stacks of the bucket are visible by name only: S3 has
 * no list without names. Without the permission to list, S3 answers 403 for a missing object, and Pulumi needs to see 404.
 *
 * @see https://github.com/pulumi/pulumi/blob/v3.245.0/pkg/backend/diy/store.go (keys of the objects)
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function stateStatements({ stack, stateBucketArn, artifactArns, stateKeyArn }: StateScope): Statement[] {
    const state = `${stateBucketArn}/.pulumi`;
    return [
        {
            Sid: "KeepState",
            Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            // Backups, history and locks lie in a folder of the stack each.
            Resource: [
                `${state}/stacks/${stack}.json*`,
                `${state}/stacks/${stack}.pulumi-tags`,
                `${state}/*/${stack}/*`,
            ],
        },
        { Sid: "ReadStateVersion", Action: "s3:GetObject", Resource: `${state}/meta.yaml` },
        {
            Sid: "FindState",
            Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"],
            Resource: stateBucketArn,
        },
        { Sid: "DeliverPlan", Action: "s3:PutObject", Resource: artifactArns },
        ...(stateKeyArn === undefined ? [] : stateKeyStatements(stack, stateBucketArn, stateKeyArn)),
    ];
}

/**
 * Allows using the state's key for secrets encrypted for this stack, and for S3's encryption of the bucket of the state. Encrypted secrets
 * of other stacks stay encrypted, although anybody may read the files of their settings.
 *
 * @see https://pkg.go.dev/gocloud.dev/secrets/awskms#URLOpener (`context_stack` in the URL of the secrets provider)
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
 */
function stateKeyStatements(stack: string, stateBucketArn: string, Resource: string): Statement[] {
    return [
        {
            Sid: "UseSecretsOfStack",
            Action: ["kms:Decrypt", "kms:Encrypt"],
            Resource,
            Condition: { StringEquals: { "kms:EncryptionContext:stack": stack } },
        },
        {
            Sid: "EncryptStateBucket",
            Action: encryptActions,
            Resource,
            Condition: {
                StringLike: { "kms:EncryptionContext:aws:s3:arn": [stateBucketArn, `${stateBucketArn}/*`] },
            },
        },
        { Sid: "DescribeStateKey", Action: "kms:DescribeKey", Resource },
    ];
}
