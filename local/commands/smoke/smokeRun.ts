import type { Stack } from "@pulumi/pulumi/automation";
import type { SmokeAccount } from "./account";

/** Application to build, with a word of its code to change. */
export interface Application {
    /** Folder with its Dockerfile. */
    folder: string;
    /** File with the word, below the folder. */
    file: string;
    word: string;
}

/** Source of builds of pull requests. */
export interface PullRequestSource {
    /** Type of CodeBuild's source, such as GITHUB. */
    type: string;
    /** Address of the repository. */
    repository: string;
    /** ARN of a connection to the repository's Git host. */
    connectionArn: string;
}

/** Options of a run. */
export interface SmokeOptions {
    account: SmokeAccount;
    stackName: string;
    application: Application;
    /** Source of pull requests. @default - pull requests are not tried */
    pullRequests?: PullRequestSource;
    /** Function that asks for consent before anything is created. @param plan planned actions and their cost */
    confirm: (plan: string) => Promise<boolean>;
    /** Function that takes a line for each event. */
    report: (line: string) => void;
    signal: AbortSignal;
}

/** State that the checks of a run share. */
export interface SmokeRun extends Omit<SmokeOptions, "confirm"> {
    /** Copy of the application. */
    context: string;
    /** Start of the run. */
    date: Date;
    stack: Stack;
    /** Outputs of the last successful update. @default - there was none */
    outputs?: Record<string, string>;
    /** Digest of the code change that CodeBuild built. */
    builtDigest?: string;
    /** Function that makes the next update declare the project of pull requests. */
    declarePullRequests: () => Promise<void>;
}
