import type { Stack } from "@pulumi/pulumi/automation";
import type { SmokeAccount } from "./account";

/** An application to build, and a word of its code to change. */
export interface Application {
    /** Folder with its Dockerfile. */
    folder: string;
    /** File with the word, below the folder. */
    file: string;
    word: string;
}

/** Where builds of pull requests fetch their source. */
export interface PullRequestSource {
    /** Type of CodeBuild's source, such as GITHUB. */
    type: string;
    /** Address of the repository. */
    repository: string;
    /** ARN of a connection to its Git host. */
    connectionArn: string;
}

/** The options of a run. */
export interface SmokeOptions {
    account: SmokeAccount;
    stackName: string;
    application: Application;
    /** @default - pull requests are not tried */
    pullRequests?: PullRequestSource;
    /** Asked before anything is created. @param plan what that is, and what it costs */
    confirm: (plan: string) => Promise<boolean>;
    /** Takes a line for everything that happens. */
    report: (line: string) => void;
    signal: AbortSignal;
}

/** The state that the checks of a run hand to each other. */
export interface SmokeRun extends Omit<SmokeOptions, "confirm"> {
    /** Copy of the application. */
    context: string;
    /** When the run began. */
    date: Date;
    stack: Stack;
    /** Outputs of the last update. @default - none has ended well */
    outputs?: Record<string, string>;
    /** Digest of the code change that CodeBuild built. */
    builtDigest?: string;
    /** Lets the next update declare the project of pull requests. */
    declarePullRequests: () => Promise<void>;
}
