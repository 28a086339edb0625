import type { Account } from "./account";

/**
 * Names the repositories behind a base registry in the account's own ECR, such as a pull-through cache, by their ARNs, so that the role may
 * pull from them. A public registry gives none.
 *
 * @param baseRegistry host and prefix, for example `123456789012.dkr.ecr.eu-central-1.amazonaws.com/docker-hub/library`
 * @param repositoryUrl any repository of the account's registry
 */
export function baseRepositoryArns(baseRegistry: string, repositoryUrl: string, repositoryArn: string): string[] {
    const [host, ...prefix] = baseRegistry.split("/");
    if (host !== repositoryUrl.split("/")[0]) return [];
    return [repositoryArnBeside(repositoryArn, [...prefix, "*"].join("/"))];
}

/** Names another repository of the same registry by its ARN. @param repositoryArn any repository of the registry */
export function repositoryArnBeside(repositoryArn: string, name: string): string {
    return `${repositoryArn.slice(0, repositoryArn.indexOf(":repository/"))}:repository/${name}`;
}

/** Location of an account's resources, with known values. */
export type PlainAccount = Record<keyof Account, string>;

/**
 * Names a secret by its ARN for a policy. Secrets Manager adds a hyphen and six characters to a secret's name, which are unknown before the
 * secret exists.
 *
 * @param secret its name, or its whole ARN
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
export function secretArn(secret: string, { partition, region, accountId }: PlainAccount): string {
    if (secret.startsWith("arn:")) return secret;
    return `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secret}-??????`;
}

/**
 * Names a parameter in Parameter Store by its ARN.
 *
 * @param name as Parameter Store has it, with or without a slash at its beginning
 */
export function parameterArn(name: string, { partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, "")}`;
}

/** Names a CodeBuild project by its ARN, which its role's trust policy needs before the project exists. */
export function projectArn(name: string, { partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:codebuild:${region}:${accountId}:project/${name}`;
}

/** Names a project's log group by its ARN, which other policies need before the group exists. */
export function logGroupArn(projectName: string, { partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/codebuild/${projectName}`;
}

/** Names every instance of EC2 by a pattern of ARNs. */
export function instanceArn({ partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:ec2:${region}:${accountId}:instance/*`;
}

/** Names a repository of an account by its ARN. */
export function repositoryArnIn(name: string, { partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`;
}

/** Names a pipeline of CodePipeline by its ARN, which its role's trust policy needs before the pipeline exists. */
export function pipelineArn(name: string, { partition, region, accountId }: PlainAccount): string {
    return `arn:${partition}:codepipeline:${region}:${accountId}:${name}`;
}

/** Names a role of an account by its ARN, for a policy of another account. @param name name of a role without a path */
export function roleArn(name: string, { partition, accountId }: Pick<PlainAccount, "partition" | "accountId">): string {
    return `arn:${partition}:iam::${accountId}:role/${name}`;
}
