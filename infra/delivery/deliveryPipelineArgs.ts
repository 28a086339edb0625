import type * as pulumi from "@pulumi/pulumi";
import type { TagArgs } from "../aws/tags";
import type { Severity } from "../buildTools/severity";

/** Kinds of targets, as the scripts of deploy/ are named. */
export const TargetKind = { Ec2: "ec2", Ecs: "ecs", Lambda: "lambda" } as const;

/** One of {@link TargetKind}. */
export type TargetKind = (typeof TargetKind)[keyof typeof TargetKind];

/** Repository whose commits a delivery pipeline releases, and the pushes that start it. Pull requests never do. */
export interface DeliverySource {
    /** ARN of the connection to the Git host, which is AVAILABLE. */
    connectionArn: pulumi.Input<string>;
    /** Repository at the Git host, such as `acme/shop`. */
    repository: string;
    /** Branch that is released. @default main */
    branch?: string;
    /** Patterns of files; a push to the branch starts the pipeline only if it changes one of them. @default - all files */
    paths?: string[];
    /** Patterns of tags whose pushes start the pipeline, in place of pushes to the branch. @default - pushes to the branch start it */
    tags?: string[];
}

/** Environment that receives images after those before it. */
export interface PromotionTarget {
    /** Name of the environment: its stack, with the same Pulumi project. */
    environment: string;
    /** Target that runs the image there. */
    target: TargetKind;
    /** Account of the environment. @default - that of the pipeline */
    accountId?: string;
    /** Repository of the environment, to which images are copied. @default - none; it runs images of the pipeline's repository */
    repositoryName?: string;
}

/** Arguments of {@link DeliveryPipeline}. */
export interface DeliveryPipelineArgs extends TagArgs {
    /** Name of the application, first part of the names of projects, roles and parameters. */
    application: string;
    /** Name of the environment, second part of these names. */
    environment: string;
    /** Repository and events that start the pipeline. */
    source: DeliverySource;
    /** Name of the bucket for the sources of executions: of an {@link ArtifactBucket}. */
    artifactBucketName: pulumi.Input<string>;
    /** Name of the CodeBuild project that builds; its source is the pipeline (`project.pipelineArtifactBucketArn`). */
    buildProjectName: pulumi.Input<string>;
    /** Name of the bucket that holds the build tools and the proofs of builds. */
    cacheBucketName: pulumi.Input<string>;
    /** Key of the build tools in that bucket. */
    buildToolsKey: pulumi.Input<string>;
    /** Address of the image's repository. */
    repositoryUrl: pulumi.Input<string>;
    /** ARN of the image's repository. */
    repositoryArn: pulumi.Input<string>;
    /** Name of the parameter that records this environment's releases. */
    imageTagParameter: pulumi.Input<string>;
    /** Target that runs the image in this environment. */
    target: TargetKind;
    /** Values of this environment's deploys: lines `NAME=value`, as the output `deployEnv` has them. */
    deployEnvironment: pulumi.Input<string>;
    /** Policy of this environment's deploys, as JSON text: {@link deployPolicy}. */
    deployPolicy: pulumi.Input<string>;
    /** Lowest severity of findings that is refused. @default HIGH */
    scanLimit?: Severity;
    /** File of the repository with findings that are allowed for a reason and a time. @default - none */
    scanAllowList?: string;
    /** Environments that receive the image in this order, each after an approval. @default - none */
    promoteTo?: PromotionTarget[];
    /**
     * Whether executions wait for each other, so that each commit is released. Otherwise a newer one takes the place of one that waits.
     *
     * @default false
     * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html#concepts-how-it-works-executions
     */
    queued?: boolean;
    /** KMS key of the buckets. @default - keys of S3's own */
    kmsKeyArn?: pulumi.Input<string>;
    /** Days that logs are kept; one of CloudWatch's choices. @default 30 */
    logRetentionDays?: number;
}
