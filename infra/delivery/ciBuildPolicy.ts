import { policyDocument } from "../iam/policyDocument";

/** What a CI job that starts builds is bound to. */
export interface CiBuildScope {
    /** ARN of the CodeBuild project. */
    projectArn: string;
}

/**
 * What a caller of StartBuild may not put in place of the project's own settings; the commit to build (`sourceVersion`) is not
 * among it. A build runs under the project's role, so whoever chose its commands, image or variables would have that role.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/action-context-keys.html
 */
export const forbiddenOverrides = [
    "artifacts",
    "autoRetryLimit",
    "cache",
    "encryptionKey",
    "environment.certificate",
    "environment.computeType",
    "environment.environmentVariables",
    "environment.fleet.fleetArn",
    "environment.image",
    "environment.imagePullCredentialsType",
    "environment.privilegedMode",
    "environment.registryCredential",
    "environment.type",
    "logsConfig",
    "secondaryArtifacts",
    "secondarySources",
    "serviceRole",
    "source.auth.type",
    "source.buildspec",
    "source.insecureSsl",
    "source.location",
];

/** Starts builds of one project as it is declared, follows them and reads their log. */
export function ciBuildPolicy({ projectArn }: CiBuildScope): string {
    const logGroupArn = projectArn.replace(":codebuild:", ":logs:").replace(":project/", ":log-group:/aws/codebuild/");
    return policyDocument([
        {
            Sid: "StartBuildsAsDeclared",
            Action: "codebuild:StartBuild",
            Resource: projectArn,
            Condition: { Null: Object.fromEntries(forbiddenOverrides.map((key) => [`codebuild:${key}`, "true"])) },
        },
        { Sid: "FollowBuilds", Action: ["codebuild:BatchGetBuilds", "codebuild:StopBuild"], Resource: projectArn },
        { Sid: "ReadBuildLog", Action: "logs:GetLogEvents", Resource: `${logGroupArn}:log-stream:*` },
    ]);
}
