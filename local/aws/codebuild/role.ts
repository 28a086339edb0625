import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { administratorSettings, type World } from "../../world/services/world";
import { actFor, type CredentialsProvider, newCredentials, type RoleCredentials } from "../roleCredentials";
import { isDenied, PhaseError } from "./phaseError";

/** Role to assume, with the build that assumes it. */
export interface RoleSession {
    /** ARN of the role. */
    role: string;
    projectArn: string;
    /** UUID of the build. */
    uuid: string;
    /** Function that takes the values that logs must not show. */
    onCredentials: (values: string[]) => void;
}

/** Remaining validity (milliseconds) below which credentials are replaced. */
const leastValidity = 5 * 60_000;

/**
 * Assumes the role of a build as the CodeBuild service does, if the role's trust policy allows it.
 *
 * @throws PhaseError when the policy does not, or when there is no such role
 */
export async function assumeRole(world: World, session: RoleSession): Promise<CredentialsProvider> {
    const sts = new STSClient(administratorSettings(world));
    actFor(sts, session.projectArn, world.accountId);
    let current: RoleCredentials | undefined;
    const provider = async () => {
        if (current === undefined || current.expiration.getTime() - Date.now() < leastValidity) {
            current = await buildCredentials(sts, session);
            session.onCredentials([current.accessKeyId, current.secretAccessKey, current.sessionToken]);
        }
        return current;
    };
    await provider();
    return provider;
}

/** Clients that make calls with the role's permissions. */
export type RoleClients = ReturnType<typeof roleClients>;

/** Makes the clients of a role. */
export function roleClients({ endpoint, region }: World, credentials: CredentialsProvider) {
    const settings = { endpoint, region, credentials };
    return {
        codebuild: new CodeBuildClient(settings),
        logs: new CloudWatchLogsClient(settings),
        s3: new S3Client({ ...settings, forcePathStyle: true }),
        secretsManager: new SecretsManagerClient(settings),
        ssm: new SSMClient(settings),
    };
}

async function buildCredentials(sts: STSClient, { role, uuid }: RoleSession): Promise<RoleCredentials> {
    return newCredentials(sts, role, `AWSCodeBuild-${uuid}`).catch((error: Error) => {
        if (!isDenied(error)) throw error;
        const message = `CodeBuild is not authorized to perform: sts:AssumeRole on ${role}: ${error.message}`;
        throw new PhaseError("ACCESS_DENIED", message, { cause: error });
    });
}
