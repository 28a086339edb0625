/**
 * The repositories behind a base registry that is part of the account's own ECR (a pull-through cache, for example), so that
 * the role may pull from them; none for a public registry.
 *
 * @param baseRegistry host and prefix, for example `123456789012.dkr.ecr.eu-central-1.amazonaws.com/docker-hub/library`
 * @param repositoryUrl any repository of the account's registry
 */
export function baseRepositoryArns(baseRegistry: string, repositoryUrl: string, repositoryArn: string): string[] {
    const [host, ...prefix] = baseRegistry.split("/");
    if (host !== repositoryUrl.split("/")[0]) return [];
    const registry = repositoryArn.slice(0, repositoryArn.indexOf(":repository/"));
    return [`${registry}:repository/${[...prefix, "*"].join("/")}`];
}

/**
 * The repository of an image that is part of the account's own ECR; none for any other image, and for no image.
 *
 * @param image for example `123456789012.dkr.ecr.eu-central-1.amazonaws.com/moby/buildkit:v0.31.0@sha256:…`
 * @param repositoryUrl any repository of the account's registry
 */
export function repositoryArnOfImage(image: string, repositoryUrl: string, repositoryArn: string): string[] {
    const [host, ...names] = image.split("/");
    if (names.length === 0 || host !== repositoryUrl.split("/")[0]) return [];
    const registry = repositoryArn.slice(0, repositoryArn.indexOf(":repository/"));
    return [`${registry}:repository/${names.join("/").replace(/[:@].*$/, "")}`];
}

/** Where an account's resources live. */
interface PlainAccount {
    partition: string;
    region: string;
    accountId: string;
}

/**
 * The ARN of a secret for a policy. Secrets Manager adds a hyphen and six characters to a secret's name, which nobody knows
 * before it exists.
 *
 * @param secret its name, or its whole ARN
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
export function secretArn(secret: string, { partition, region, accountId }: PlainAccount): string {
    if (secret.startsWith("arn:")) return secret;
    return `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secret}-??????`;
}
