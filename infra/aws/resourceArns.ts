import type { Account } from "./account";

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
    return [repositoryArnBeside(repositoryArn, [...prefix, "*"].join("/"))];
}

/** The ARN of another repository of the same registry. @param repositoryArn any repository of the registry */
export function repositoryArnBeside(repositoryArn: string, name: string): string {
    return `${repositoryArn.slice(0, repositoryArn.indexOf(":repository/"))}:repository/${name}`;
}

/** Where an account's resources live, its values known. */
export type PlainAccount = Record<keyof Account, string>;

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

/**
 * The ARN of a parameter in Parameter Store.
 *
 * @param name as Parameter Store has it, with or without a slash at its beginning
 */
export function parameterArn(name: string, { partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, "")}`;
}

/** The ARN of a CodeBuild project, which its role's trust policy names before the project exists. */
export function projectArn(name: string, { partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:codebuild:${region}:${accountId}:project/${name}`;
}

/** The ARN of a project's log group, which other policies name before the group exists. */
export function logGroupArn(projectName: string, { partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/codebuild/${projectName}`;
}

/** The ARN of any instance of EC2. */
export function instanceArn({ partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:ec2:${region}:${accountId}:instance/*`;
}
