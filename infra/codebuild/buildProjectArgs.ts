import type * as pulumi from "@pulumi/pulumi";
import type { TagArgs } from "../aws/tags";
import type { BuildPolicy, ImageSpec } from "../plan/imageSpec";
import type { ProjectSettings } from "./projectSettings";

/** Arguments of the role of a project. */
export interface ProjectRoleArgs {
    /** Name of the project whose builds may assume the role. */
    projectName: string;
    /** Path of the role, beginning and ending in a slash. @default / */
    rolePath?: string;
    /** ARN of the policy that bounds the role. @default - none */
    permissionsBoundary?: pulumi.Input<string>;
}

/** An image that the project builds. */
export interface BuiltImage extends ImageSpec {
    /** Address of its repository. */
    repositoryUrl: pulumi.Input<string>;
    /** ARN of its repository. */
    repositoryArn: pulumi.Input<string>;
}

/** Arguments of {@link BuildProject}. */
export interface BuildProjectArgs extends ProjectSettings, ProjectRoleArgs, TagArgs {
    /** Name of the CodeBuild project; fixed, since the trust policy of its role names the project's ARN. */
    projectName: string;
    /** Path of the role of pull requests, beginning and ending in a slash. @default - as rolePath */
    pullRequestRolePath?: string;
    /** The images it builds, at least one. */
    images: BuiltImage[];
    /** Text of the buildspec; kept in the project, so that a change of the source cannot change what the build runs. */
    buildspec: string;
    /** The policy that they are built by. */
    policy: BuildPolicy;
    /** Names or ARNs in Secrets Manager by the ids of build secrets (`RUN --mount=type=secret,id=…`). @default - none */
    buildSecrets?: Record<string, pulumi.Input<string>>;
    /**
     * BuildKit image that builds start: of a repository of `images`, or one that anybody may pull.
     *
     * @default - none; builds that have to build then say so
     */
    buildkitImage?: pulumi.Input<string>;
    /** Certificates that build steps trust, as the build secret `ca`. @default - none */
    caCertificates?: pulumi.Input<string>;
    /** Name of the cache bucket. */
    bucketName: pulumi.Input<string>;
    /** ARN of the cache bucket. */
    bucketArn: pulumi.Input<string>;
    /** KMS key of bucket and repositories, and of artifacts. @default - none; S3's own key encrypts artifacts */
    kmsKeyArn?: pulumi.Input<string>;
    /** KMS key of the build secrets. @default - kmsKeyArn, or Secrets Manager's own */
    secretKmsKeyArn?: pulumi.Input<string>;
    /** Days that logs are kept; one of CloudWatch's choices. @default 30 */
    logRetentionDays?: number;
}
