import { z } from "zod";

/**
 * Schema of a bucket's name, by S3's rules.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketName = z
    .string("the name of a bucket")
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of a bucket: 3 to 63 lower-case letters, digits and . -");

/** Schema of the ARN of a KMS key, not of an alias: policies name keys. */
export const kmsKeyArn = z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/, "the ARN of a KMS key");
