import { policyDocument, type Statement } from "../aws/policyDocument";

/** Project whose builds may be started. */
export interface StartBuildScope {
    /** ARN of the project. */
    projectArn: string;
    /** ARN of the project's log group. */
    logGroupArn: string;
}

/**
 * Condition keys of StartBuild's parameters that would override the project, by the statement that denies each. Each key stands in a
 * statement of its own, since all keys of one condition must match. AWS has no keys for the other parameters, see docs/security.md.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html
 */
const overrides: Record<string, string> = {
    Source: "codebuild:source",
    SourceLocation: "codebuild:source.location",
    SourceCredentials: "codebuild:source.auth.resource",
    SourceCredentialsType: "codebuild:source.auth.type",
    InsecureSource: "codebuild:source.insecureSsl",
    Buildspec: "codebuild:source.buildspec",
    SecondarySources: "codebuild:secondarySources",
    Role: "codebuild:serviceRole",
    Image: "codebuild:environment.image",
    ImageCredentials: "codebuild:environment.registryCredential",
    ImageCredentialsType: "codebuild:environment.imagePullCredentialsType",
    PrivilegedMode: "codebuild:environment.privilegedMode",
    HostType: "codebuild:environment.type",
    HostCertificate: "codebuild:environment.certificate",
    HostFleet: "codebuild:environment.fleet.fleetArn",
    // Any variable: BASH_ENV, NODE_OPTIONS and their like steer a build as well as those that the project sets.
    Variables: "codebuild:environment.environmentVariables.name",
    Artifacts: "codebuild:artifacts",
    SecondaryArtifacts: "codebuild:secondaryArtifacts",
    Cache: "codebuild:cache",
    EncryptionKey: "codebuild:encryptionKey",
    Logs: "codebuild:logsConfig",
};

/**
 * Renders the permissions of StartBuild's callers, as JSON. They may start builds of one project as declared, watch and stop them, and read
 * their log.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/action-context-keys.html
 */
export function startBuildPolicy({ projectArn, logGroupArn }: StartBuildScope): string {
    return policyDocument([
        {
            Sid: "StartAndFollowBuilds",
            Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
            Resource: projectArn,
        },
        { Sid: "ReadLog", Action: "logs:GetLogEvents", Resource: `${logGroupArn}:log-stream:*` },
        ...Object.entries(overrides).map(([name, key]): Statement => ({
            Sid: `DenyOther${name}`,
            Effect: "Deny",
            Action: "codebuild:StartBuild",
            Resource: projectArn,
            Condition: { Null: { [key]: "false" } },
        })),
        // The project has no batches; this stays so where another policy allows them.
        { Sid: "DenyBatches", Effect: "Deny", Action: "codebuild:StartBuildBatch", Resource: projectArn },
    ]);
}
