import type * as pulumi from "@pulumi/pulumi";
import type { TagArgs } from "../../aws/tags";
import type { Platform } from "../../plan/platform";
import type { FirstImageArgs } from "../firstImage";

/** A network that exists already. */
export interface ExistingNetwork {
    /** The VPC. */
    vpcId: pulumi.Input<string>;
    /** Subnets of the tasks, in two Availability Zones or more; they need a way to ECR, CloudWatch Logs and Secrets Manager. */
    taskSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Public subnets of the load balancer. @default - none; needed unless the load balancer exists as well */
    loadBalancerSubnetIds?: pulumi.Input<pulumi.Input<string>[]>;
}

/** A load balancer that exists already. */
export interface ExistingLoadBalancer {
    /** Target group of type `ip` in the tasks' VPC; a listener of the load balancer has to forward to it. */
    targetGroupArn: pulumi.Input<string>;
    /** Security group of the load balancer, which is let through to the tasks. */
    securityGroupId: pulumi.Input<string>;
    /** Address that users call. */
    url: pulumi.Input<string>;
}

/** Settings of a service that do not depend on its surroundings. */
export interface EcsServiceSettings {
    /** Port that the container listens on; another one takes effect with the next deploy. @default 8080 */
    port?: number;
    /** Path that answers 200 when the application can serve. @default /healthz */
    healthCheckPath?: string;
    /** Seconds in which a starting task may fail its health checks. @default 60 */
    healthCheckGraceSeconds?: number;
    /**
     * Command that the container runs to tell its health, in exec form: `["/api", "healthcheck"]`. ECS does not look at the
     * image's HEALTHCHECK.
     *
     * @default - the load balancer's check only
     * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
     */
    healthCheckCommand?: string[];
    /** Share of a vCPU in 1024ths; Fargate offers 256, 512, 1024, 2048, 4096, 8192 and 16384. @default 256 */
    cpu?: number;
    /** Memory in MiB; what Fargate offers depends on cpu. @default 512 */
    memory?: number;
    /** Tasks that the service keeps running when it is created; moved by scaling afterwards. @default 2 */
    desiredCount?: number;
    /** Variables of the container that are not secret. @default - none */
    variables?: Record<string, pulumi.Input<string>>;
    /** Keys of the settings' secret that the container gets as variables of the same names. @default - none */
    secretKeys?: string[];
    /** Certificate of the load balancer; with it, HTTP is redirected to HTTPS. @default - HTTP only */
    certificateArn?: pulumi.Input<string>;
}

/** Arguments of {@link EcsTarget}. */
export interface EcsTargetArgs extends EcsServiceSettings, FirstImageArgs, TagArgs {
    /** Name of the application. */
    application: string;
    /** Name of the environment; cluster, service and log group are called `<application>-<environment>`. */
    environment: string;
    /** `repository@sha256:…`, with which the service starts; deploys move it afterwards. */
    imageUri: pulumi.Input<string>;
    /**
     * Name of the container that runs the image; imagedefinitions.json calls it as the image. Another one takes effect with the
     * next deploy.
     *
     * @default app
     */
    containerName?: string;
    /** ARN of the image's repository. */
    repositoryArn: pulumi.Input<string>;
    /** Platform of the image. @default linux/amd64 */
    platform?: Platform;
    /**
     * Name or ARN of the secret that holds the application's settings; not a name that ends in a hyphen and six letters or digits,
     * which ECS takes for the end of an ARN.
     */
    secretName: pulumi.Input<string>;
    /** KMS key of the secret. @default - Secrets Manager's own */
    secretKmsKeyArn?: pulumi.Input<string>;
    /** Name of an existing cluster to run in. @default - created */
    existingClusterName?: pulumi.Input<string>;
    /** Existing network to run in. @default - a VPC with two Availability Zones and one NAT gateway is created */
    existingNetwork?: ExistingNetwork;
    /** Existing load balancer to register with, in the given network. @default - created */
    existingLoadBalancer?: ExistingLoadBalancer;
    /** Days that the tasks' log is kept; one of CloudWatch's choices. @default 30 */
    logRetentionDays?: number;
}
