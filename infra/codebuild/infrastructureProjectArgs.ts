import type * as pulumi from "@pulumi/pulumi";
import type { TagArgs } from "../aws/tags";
import type { BuildProjectArgs } from "./buildProjectArgs";
import type { StackNames } from "./projectNames";
import type { SourceSettings } from "./projectSettings";

/** Settings of updates of the stack that run in CodeBuild. */
export interface InfrastructureSettings {
    /** Name of the bucket that holds the stack's state; it exists. Plans and outputs lie below `artifacts/` of it. */
    stateBucket: pulumi.Input<string>;
    /**
     * ARN of the KMS key that encrypts the stack's secrets or the bucket. The URL of the stack's secrets provider ends in
     * `?context_stack=<project>/<stack>`; secrets that were encrypted without are not decrypted.
     *
     * @default - none; then the stack has a passphrase
     */
    stateKeyArn?: pulumi.Input<string>;
    /** Version of the Pulumi CLI, for example `3.248.0`. */
    pulumiVersion: string;
    /** SHA-256 of its archive for Linux on x64, out of the release's list of checksums. */
    pulumiChecksum: string;
}

/** Arguments of {@link InfrastructureProject}. */
export interface InfrastructureProjectArgs extends InfrastructureSettings, SourceSettings, StackNames, TagArgs {
    /** Text of the buildspec. */
    buildspec: string;
    /** ARNs of the environment's repositories. */
    repositoryArns: pulumi.Input<string>[];
    /** The project that builds the images; updates build as well. @default - nothing is built */
    build?: BuildProjectArgs;
    /** Days that logs are kept; one of CloudWatch's choices. @default 30 */
    logRetentionDays?: number;
}
