import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import type * as CodeBuild from "@aws-sdk/client-codebuild";
import type * as CodePipeline from "@aws-sdk/client-codepipeline";
import type * as Connections from "@aws-sdk/client-codestar-connections";
import type * as Ecr from "@aws-sdk/client-ecr";
import type * as Iam from "@aws-sdk/client-iam";
import type * as S3 from "@aws-sdk/client-s3";
import type * as Secrets from "@aws-sdk/client-secrets-manager";
import type * as Ssm from "@aws-sdk/client-ssm";
import type * as Sts from "@aws-sdk/client-sts";
import { createRequire } from "node:module";
import { type ApiModel, loadApiModel, validateRequest } from "./apiModel";
import type { Settings } from "./settings";

const load = createRequire(__filename);

/** Classes of the clients. Each is loaded at its first use, since loading one takes tens of milliseconds. */
const classes = {
    codebuild: () => (load("@aws-sdk/client-codebuild") as typeof CodeBuild).CodeBuild,
    codepipeline: () => (load("@aws-sdk/client-codepipeline") as typeof CodePipeline).CodePipeline,
    "codestar-connections": () =>
        (load("@aws-sdk/client-codestar-connections") as typeof Connections).CodeStarConnections,
    ecr: () => (load("@aws-sdk/client-ecr") as typeof Ecr).ECR,
    iam: () => (load("@aws-sdk/client-iam") as typeof Iam).IAM,
    logs: () => (load("@aws-sdk/client-cloudwatch-logs") as typeof Logs).CloudWatchLogs,
    s3: () => (load("@aws-sdk/client-s3") as typeof S3).S3,
    secretsmanager: () => (load("@aws-sdk/client-secrets-manager") as typeof Secrets).SecretsManager,
    ssm: () => (load("@aws-sdk/client-ssm") as typeof Ssm).SSM,
    sts: () => (load("@aws-sdk/client-sts") as typeof Sts).STS,
};

/** Clients of the AWS services in use, by the service's name in botocore and in IAM actions. */
export type AwsClients = {
    readonly [Service in keyof typeof classes]: InstanceType<ReturnType<(typeof classes)[Service]>>;
};

/**
 * Makes clients that validate every request against AWS's API models before it is sent.
 *
 * A violation rejects the call with one sentence, `ecr:CreateRepository repositoryName "Bad_Name" does not match ...`. The message of an
 * error from AWS begins with the API's name too.
 */
export function createAwsClients(settings: Settings): AwsClients {
    const lazy = Object.entries(classes).map(([service, classOf]) => [
        service,
        { enumerable: true, get: memoized(() => createClient(service, classOf() as unknown as ClientClass, settings)) },
    ]);
    return Object.defineProperties({}, Object.fromEntries(lazy) as PropertyDescriptorMap) as AwsClients;
}

type ClientClass = new (options: object) => {
    middlewareStack: {
        add(middleware: InitializeMiddleware, options: { step: "initialize"; name: string }): void;
    };
};
type Handler = (request: { input: unknown }) => Promise<unknown>;
type InitializeMiddleware = (next: Handler, context: { commandName?: string }) => Handler;

function createClient(service: string, Client: ClientClass, settings: Settings): object {
    const { endpoint, region, accessKeyId, secretAccessKey } = settings;
    const credentials = { accessKeyId, secretAccessKey };
    // Only S3 has the last setting; the others ignore it.
    const client = new Client({ endpoint, region, credentials, forcePathStyle: true });
    const model = memoized(() => loadApiModel(settings.apiModels, service));
    client.middlewareStack.add(validation(model), { step: "initialize", name: "apiModelValidation" });
    return client;
}

function validation(model: () => ApiModel): InitializeMiddleware {
    return (next, context) => async (request) => {
        const operation = (context.commandName ?? "").replace(/Command$/, "");
        const api = `${model().service}:${operation}`;
        const problems = validateRequest(model(), operation, request.input);
        if (problems.length > 0) throw new Error(`${api} ${problems.join("; ")}`);
        try {
            return await next(request);
        } catch (error) {
            if (error instanceof Error) error.message = `${api} failed with ${error.name}: ${error.message}`;
            throw error;
        }
    };
}

function memoized<T>(make: () => T): () => T {
    let value: T | undefined;
    return () => (value ??= make());
}
