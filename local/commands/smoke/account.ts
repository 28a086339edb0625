import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { ECRClient } from "@aws-sdk/client-ecr";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Stack } from "@pulumi/pulumi/automation";

/** A program that a smoke run needs on this machine. */
export interface RequiredTool {
    /** Command that succeeds where the program is there and ready. */
    command: string[];
    /** Says what is wrong, where its output shows that it will not do; else undefined. @default - any output will do */
    fault?: (output: string) => string | undefined;
    /** Sentence that says what to do where it is missing. */
    advice: string;
}

/** Where a smoke run happens. The run itself knows no difference between a real account and the offline world. */
export interface SmokeAccount {
    /** 12 digits. */
    accountId: string;
    region: string;
    /** Folder of this stack's runs: state, copy of the application, results. */
    folder: string;
    /** Programs that have to be there before anything is created. */
    tools: RequiredTool[];
    /** Environment of these programs and of the deploy scripts. */
    environment: NodeJS.ProcessEnv;
    clients: SmokeClients;
    /** Opens the run's stack. @param settings settings of the program */
    openStack: (settings: Record<string, unknown>) => Promise<Stack>;
}

/** Clients of the services that a smoke run talks to. */
export type SmokeClients = ReturnType<typeof smokeClients>;

/** Makes the clients. @param settings of each, such as its region */
export function smokeClients(settings: object) {
    return {
        codebuild: new CodeBuildClient(settings),
        ecr: new ECRClient(settings),
        iam: new IAMClient(settings),
        logs: new CloudWatchLogsClient(settings),
        s3: new S3Client({ ...settings, forcePathStyle: "endpoint" in settings }),
        ssm: new SSMClient(settings),
    };
}
