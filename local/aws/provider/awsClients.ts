import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import type * as CodeBuild from "@aws-sdk/client-codebuild";
import type * as Ecr from "@aws-sdk/client-ecr";
import type * as Iam from "@aws-sdk/client-iam";
import type * as S3 from "@aws-sdk/client-s3";
import type * as Ssm from "@aws-sdk/client-ssm";
import type * as Sts from "@aws-sdk/client-sts";
import { createRequire } from "node:module";
import { type ApiModel, loadApiModel, validateRequest } from "./apiModel";
import type { SecretsManager } from "./secretsManager";
import type { Settings } from "./settings";

/** Clients of the AWS services in use. Each is loaded at its first use, since loading one takes tens of milliseconds. */
export interface AwsClients {
    readonly codebuild: CodeBuild.CodeBuild;
    readonly ecr: Ecr.ECR;
    readonly iam: Iam.IAM;
    readonly logs: Logs.CloudWatchLogs;
    readonly s3: S3.S3;
    readonly secretsmanager: SecretsManager;
    readonly ssm: Ssm.SSM;
    readonly sts: Sts.STS;
}

const load = createRequire(__filename);

/** npm package and class of each client; the key is the service's name in botocore and in IAM actions. */
const packages: Record<keyof AwsClients, { package: string; client: string; options?: object }> = {
    codebuild: { package: "@aws-sdk/client-codebuild", client: "CodeBuild" },
    ecr: { package: "@aws-sdk/client-ecr", client: "ECR" },
    iam: { package: "@aws-sdk/client-iam", client: "IAM" },
    logs: { package: "@aws-sdk/client-cloudwatch-logs", client: "CloudWatchLogs" },
    s3: { package: "@aws-sdk/client-s3", client: "S3", options: { forcePathStyle: true } },
    secretsmanager: { package: "@aws-sdk/client-secrets-manager", client: "SecretsManager" },
    ssm: { package: "@aws-sdk/client-ssm", client: "SSM" },
    sts: { package: "@aws-sdk/client-sts", client: "STS" },
};

/**
 * Makes clients that validate every request against AWS's API models before it is sent.
 *
 * A violation rejects the call with one sentence, `ecr:CreateRepository repositoryName "Bad_Name" does not match ...`. The message of an
 * error from AWS begins with the API's name too.
 */
export function createAwsClients(settings: Settings): AwsClients {
    const clients = new Map<string, object>();
    const clientOf = (service: keyof AwsClients): object => {
        const client = clients.get(service) ?? createClient(service, settings);
        clients.set(service, client);
        return client;
    };
    const lazy = Object.keys(packages).map((service) => [
        service,
        { enumerable: true, get: () => clientOf(service as keyof AwsClients) },
    ]);
    return Object.defineProperties({}, Object.fromEntries(lazy) as PropertyDescriptorMap) as AwsClients;
}

interface SmithyClient {
    middlewareStack: {
        add(middleware: InitializeMiddleware, options: { step: "initialize"; name: string }): void;
    };
}
type Handler = (request: { input: unknown }) => Promise<unknown>;
type InitializeMiddleware = (next: Handler, context: { commandName?: string }) => Handler;

function createClient(service: keyof AwsClients, settings: Settings): object {
    const { package: packageName, client: className, options } = packages[service];
    const clientPackage = load(packageName) as Record<string, new (options: object) => SmithyClient>;
    const Client = clientPackage[className];
    if (Client === undefined) throw new Error(`The package ${packageName} has no class ${className}.`);
    const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = settings;
    const client = new Client({
        endpoint,
        region,
        credentials: { accessKeyId, secretAccessKey, sessionToken },
        ...options,
    });
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
