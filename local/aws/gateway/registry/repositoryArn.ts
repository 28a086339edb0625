import { accountId } from "../../ministack/account";

/** Makes the ARN of a repository in the configured region. */
export function repositoryArn({ configuration }: { configuration: { region: string } }, repository: string): string {
    return `arn:aws:ecr:${configuration.region}:${accountId}:repository/${repository}`;
}
