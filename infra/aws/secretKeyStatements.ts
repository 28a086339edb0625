import type { Statement } from "./policyDocument";

/**
 * Allows decrypting secrets under a customer managed KMS key. Secrets Manager decrypts with its caller's permissions; nothing else here
 * uses the key.
 *
 * @param kmsKeyArn the key of the secrets; undefined where it is Secrets Manager's own
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export function secretKeyStatements(kmsKeyArn: string | undefined): Statement[] {
    if (kmsKeyArn === undefined) return [];
    return [
        {
            Sid: "DecryptSecrets",
            Action: "kms:Decrypt",
            Resource: kmsKeyArn,
            Condition: { StringLike: { "kms:ViaService": "secretsmanager.*" } },
        },
    ];
}
