import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";

/** Temporary credentials of a role. */
export interface RoleCredentials {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken: string;
    expiration: Date;
}

/** Function that returns credentials with some validity left. */
export type CredentialsProvider = () => Promise<RoleCredentials>;

/** Makes a client's AssumeRole name the resource that a service acts for, so that conditions on aws:SourceArn and aws:SourceAccount are met. */
export function actFor(sts: STSClient, sourceArn: string, sourceAccount: string): void {
    sts.middlewareStack.add(
        (next) => (args) => {
            const { headers } = args.request as { headers: Record<string, string> };
            headers["x-amz-source-arn"] = sourceArn;
            headers["x-amz-source-account"] = sourceAccount;
            return next(args);
        },
        { step: "build" },
    );
}

/** Assumes a role. @throws the client's error when it may not */
export async function newCredentials(sts: STSClient, role: string, session: string): Promise<RoleCredentials> {
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: session }));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    return {
        accessKeyId: AccessKeyId ?? "",
        secretAccessKey: SecretAccessKey ?? "",
        sessionToken: SessionToken ?? "",
        expiration: Expiration ?? new Date(0),
    };
}
