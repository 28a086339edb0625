import { parseArgs } from "node:util";
import type { PullRequestSource } from "./smokeRun";

/** Options after `npm run smoke --`. */
export interface CommandLine {
    stackName: string;
    /** Whether the run starts without a question. */
    yes: boolean;
    /** Source of pull requests. @default - pull requests are not tried */
    pullRequests?: PullRequestSource;
}

/** Git hosts with a source type in CodeBuild and one address for everybody. */
const hosts: Record<string, string> = { "github.com": "GITHUB", "gitlab.com": "GITLAB", "bitbucket.org": "BITBUCKET" };

/**
 * Parses the command line.
 *
 * @param isCommitted function that tells whether a stack's settings are a file of the repository
 * @throws one sentence with the option, its value and the allowed values
 */
export function parseSmokeOptions(args: string[], isCommitted: (stackName: string) => boolean): CommandLine {
    const text = { type: "string" } as const;
    const { values } = parseArgs({
        args,
        options: { stack: text, yes: { type: "boolean", default: false }, connection: text, repository: text },
    });
    const { stack = "", yes, connection, repository } = values;
    if (!/^[a-z][a-z0-9-]{0,29}$/.test(stack)) {
        throw new Error(
            `--stack is "${stack}"; allowed: 1 to 30 lower-case letters, digits and -, beginning with a letter.`,
        );
    }
    if (isCommitted(stack)) {
        throw new Error(`--stack is "${stack}", an environment with a Pulumi.${stack}.yaml; allowed: a new name.`);
    }
    if ((connection === undefined) !== (repository === undefined)) {
        throw new Error("--connection and --repository go together; give both or neither.");
    }
    if (connection === undefined || repository === undefined) return { stackName: stack, yes };
    return { stackName: stack, yes, pullRequests: { type: typeOf(repository), repository, connectionArn: connection } };
}

function typeOf(repository: string): string {
    const type = URL.canParse(repository) ? hosts[new URL(repository).host] : undefined;
    if (type !== undefined && repository.startsWith("https://")) return type;
    throw new Error(
        `--repository is "${repository}"; allowed: an https address at one of ${Object.keys(hosts).join(", ")}.`,
    );
}
