import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { ECRClient } from "@aws-sdk/client-ecr";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Stack } from "@pulumi/pulumi/automation";

/** Program that a smoke run needs on this machine. */
export interface RequiredTool {
    /** Command that succeeds where the program is installed and ready. */
    command: string[];
    /** Finds a fault in the command's output; undefined without one. @default - any output is accepted */
    fault?: (output: string) => string | undefined;
    /** Sentence that names the remedy for a missing program. */
    advice: string;
}

/** Account of a smoke run. The run itself sees no difference between a real account and the offline world. */
export interface SmokeAccount {
    /** Account id of 12 digits. */
    accountId: string;
    region: string;
    /** Folder of this stack's runs: state, copy of the application, results. */
    folder: string;
    /** Programs that must be installed before anything is created. */
    tools: RequiredTool[];
    /** Environment of these programs and of the deploy scripts. */
    environment: NodeJS.ProcessEnv;
    clients: SmokeClients;
    /** Function that opens the run's stack. @param settings settings of the program */
    openStack: (settings: Record<string, unknown>) => Promise<Stack>;
}

/** Clients of the services that a smoke run calls. */
export type SmokeClients = ReturnType<typeof smokeClients>;

/** Makes the clients. @param settings settings of each client, such as its region */
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
