import type { Statement } from "./policyDocument";

/**
 * Decrypting secrets under a KMS key of one's own, which Secrets Manager does with the permissions of its caller; the key serves nothing
 * else here.
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
