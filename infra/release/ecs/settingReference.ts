import type { PlainAccount } from "../../aws/resourceArns";

/** Names of secrets that are allowed, in words. */
export const clearSecrets =
    "the secret's ARN, or another name: ECS takes a hyphen and six letters or digits at the end for the end of an ARN";

/** Tells whether ECS finds a secret by its ARN, or by a name that cannot be mistaken for a part of an ARN. */
export function isClearSecret(secret: string): boolean {
    return secret.startsWith("arn:") || !/-[A-Za-z0-9]{6}$/.test(secret);
}

/**
 * Names a key of the settings' secret for a task definition. The ARN lacks the six characters that Secrets Manager adds to a name; such a
 * partial ARN stands for the whole one.
 *
 * @param secret its name or ARN
 * @throws Error when the end of the name looks like these characters
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
export function settingReference(secret: string, key: string, { partition, region, accountId }: PlainAccount): string {
    if (!isClearSecret(secret)) throw new Error(`The secret is "${secret}"; allowed: ${clearSecrets}`);
    const arn = secret.startsWith("arn:")
        ? secret
        : `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secret}`;
    return `${arn}:${key}::`;
}
