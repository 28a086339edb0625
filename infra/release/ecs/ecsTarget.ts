import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, currentAccount } from "../../aws/account";
import { secretArn } from "../../aws/resourceArns";
import { withTags } from "../../aws/tags";
import { retentionDefaults } from "../../plan/defaults";
import { keepFirstImage } from "../firstImage";
import { containerDefinitions } from "./containerDefinitions";
import { createLoadBalancer, type EcsLoadBalancer } from "./ecsLoadBalancer";
import { type EcsNetwork, ecsNetwork } from "./ecsNetwork";
import { executionRolePolicy, tasksTrustPolicy } from "./ecsRolePolicies";
import type { EcsTargetArgs } from "./ecsTargetArgs";
import { settingReference } from "./settingReference";

/** Values that the parts of the target share. */
interface TargetContext {
    account: Account;
    /** Name of the target's resources, `<application>-<environment>`. */
    title: string;
    containerName: string;
    port: number;
    network: EcsNetwork;
    loadBalancer: EcsLoadBalancer;
    logGroup: aws.cloudwatch.LogGroup;
}

/**
 * Fargate service behind a load balancer. It starts with the given image; from then on the running task definition and the number of tasks
 * belong to deploys and scaling. Each deploy puts its image into the task definition that `pulumi up` declares. So a changed setting goes
 * live with the next deploy, behind the same health check.
 */
export class EcsTarget extends pulumi.ComponentResource {
    /** Name of the cluster. */
    readonly clusterName: pulumi.Output<string>;
    /** Name of the service. */
    readonly serviceName: pulumi.Output<string>;
    /** ARN of the service. */
    readonly serviceArn: pulumi.Output<string>;
    /** ARN, revision included, of the task definition that deploys put their image into. */
    readonly taskDefinitionArn: pulumi.Output<string>;
    /** Name of the container that runs the image. */
    readonly containerName: pulumi.Output<string>;
    /** Name of the role that the application runs under; it has no permissions until you attach policies. */
    readonly taskRoleName: pulumi.Output<string>;
    /** ARNs of the roles that a task definition passes to ECS. */
    readonly passedRoleArns: pulumi.Output<string[]>;
    /** Subnets of the tasks. */
    readonly subnetIds: pulumi.Output<string[]>;
    /** Address that users call. */
    readonly url: pulumi.Output<string>;

    constructor(name: string, args: EcsTargetArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:EcsTarget", name, {}, withTags(opts, args));

        const context = this.createContext(name, args);
        const executionRole = this.createRole(name, "execution", "Starts the tasks", context);
        const policy = this.createExecutionPolicy(name, args, executionRole, context);
        const taskRole = this.createRole(name, "task", "Runs the application", context);
        const taskDefinition = this.createTaskDefinition(name, args, executionRole, taskRole, context);
        const clusterName = args.existingClusterName ?? this.createCluster(name, context);
        const service = this.createService(name, args, clusterName, taskDefinition, policy, context);
        keepFirstImage(name, args, service, { parent: this });

        this.clusterName = pulumi.output(clusterName);
        this.serviceName = service.name;
        this.serviceArn = service.arn;
        this.taskDefinitionArn = taskDefinition.arn;
        this.containerName = pulumi.output(context.containerName);
        this.taskRoleName = taskRole.name;
        this.passedRoleArns = pulumi.all([executionRole.arn, taskRole.arn]);
        this.subnetIds = pulumi.output(context.network.taskSubnetIds);
        this.url = pulumi.output(context.loadBalancer.url);
        this.registerOutputs({
            clusterName: this.clusterName,
            serviceName: this.serviceName,
            serviceArn: this.serviceArn,
            taskDefinitionArn: this.taskDefinitionArn,
            containerName: this.containerName,
            taskRoleName: this.taskRoleName,
            passedRoleArns: this.passedRoleArns,
            subnetIds: this.subnetIds,
            url: this.url,
        });
    }

    private createContext(name: string, args: EcsTargetArgs): TargetContext {
        const options = { parent: this };
        const title = `${args.application}-${args.environment}`;
        const { containerName = "app", port = 8080, healthCheckPath = "/healthz", certificateArn } = args;
        const network = ecsNetwork(name, args.existingNetwork, options);
        return {
            account: currentAccount(options),
            title,
            containerName,
            port,
            network,
            loadBalancer:
                args.existingLoadBalancer === undefined
                    ? createLoadBalancer(name, { healthCheckPath, certificateArn }, network, options)
                    : { ...args.existingLoadBalancer, dependsOn: [] },
            logGroup: new aws.cloudwatch.LogGroup(
                `${name}-logs`,
                {
                    name: `/aws/ecs/${title}`,
                    retentionInDays: args.logRetentionDays ?? retentionDefaults.logRetentionDays,
                },
                options,
            ),
        };
    }

    private createRole(name: string, role: string, does: string, { account, title }: TargetContext): aws.iam.Role {
        return new aws.iam.Role(
            `${name}-${role}-role`,
            {
                description: `${does} of the ECS service ${title}`,
                assumeRolePolicy: pulumi.output(account).apply(tasksTrustPolicy),
            },
            { parent: this },
        );
    }

    private createExecutionPolicy(
        name: string,
        args: EcsTargetArgs,
        role: aws.iam.Role,
        { account, logGroup }: TargetContext,
    ): aws.iam.RolePolicy {
        const { repositoryArn, secretName, secretKmsKeyArn, secretKeys = [] } = args;
        const policy = pulumi
            .output({ repositoryArn, logGroupArn: logGroup.arn, secretName, secretKmsKeyArn, account })
            .apply(({ secretName, account, ...scope }) =>
                executionRolePolicy({
                    ...scope,
                    secretArn: secretKeys.length === 0 ? undefined : secretArn(secretName, account),
                }),
            );
        return new aws.iam.RolePolicy(`${name}-execution-policy`, { role: role.name, policy }, { parent: this });
    }

    private createTaskDefinition(
        name: string,
        args: EcsTargetArgs,
        executionRole: aws.iam.Role,
        taskRole: aws.iam.Role,
        { account, title, containerName, port, logGroup }: TargetContext,
    ): aws.ecs.TaskDefinition {
        const { imageUri, variables = {}, secretName: secret, secretKeys = [] } = args;
        return new aws.ecs.TaskDefinition(
            `${name}-task`,
            {
                family: title,
                requiresCompatibilities: ["FARGATE"],
                networkMode: "awsvpc",
                cpu: String(args.cpu ?? 256),
                memory: String(args.memory ?? 512),
                runtimePlatform: {
                    operatingSystemFamily: "LINUX",
                    cpuArchitecture: args.platform === "linux/arm64" ? "ARM64" : "X86_64",
                },
                executionRoleArn: executionRole.arn,
                taskRoleArn: taskRole.arn,
                containerDefinitions: pulumi
                    .output({ imageUri, variables, secret, account, logGroupName: logGroup.name })
                    .apply(({ imageUri, variables, secret, account, logGroupName }) =>
                        containerDefinitions({
                            name: containerName,
                            imageUri,
                            port,
                            variables,
                            secrets: Object.fromEntries(
                                secretKeys.map((key) => [key, settingReference(secret, key, account)]),
                            ),
                            healthCheckCommand: args.healthCheckCommand,
                            healthCheckGraceSeconds: args.healthCheckGraceSeconds ?? 60,
                            logGroupName,
                            region: account.region,
                        }),
                    ),
                // A deploy may go back to an older revision, which has to be active then.
                skipDestroy: true,
            },
            { parent: this },
        );
    }

    private createCluster(name: string, { title }: TargetContext): pulumi.Output<string> {
        return new aws.ecs.Cluster(`${name}-cluster`, { name: title }, { parent: this }).name;
    }

    private createService(
        name: string,
        args: EcsTargetArgs,
        cluster: pulumi.Input<string>,
        taskDefinition: aws.ecs.TaskDefinition,
        policy: aws.iam.RolePolicy,
        context: TargetContext,
    ): aws.ecs.Service {
        const { title, containerName, port, network, loadBalancer } = context;
        return new aws.ecs.Service(
            `${name}-service`,
            {
                name: title,
                cluster,
                taskDefinition: taskDefinition.arn,
                desiredCount: args.desiredCount ?? 2,
                launchType: "FARGATE",
                deploymentCircuitBreaker: { enable: true, rollback: true },
                // The tasks of the release before stay until as many new ones are healthy.
                deploymentMinimumHealthyPercent: 100,
                deploymentMaximumPercent: 200,
                healthCheckGracePeriodSeconds: args.healthCheckGraceSeconds ?? 60,
                networkConfiguration: {
                    subnets: network.taskSubnetIds,
                    securityGroups: [this.createTaskGroup(name, context)],
                    assignPublicIp: false,
                },
                loadBalancers: [{ targetGroupArn: loadBalancer.targetGroupArn, containerName, containerPort: port }],
                propagateTags: "SERVICE",
                enableEcsManagedTags: true,
                waitForSteadyState: true,
            },
            {
                parent: this,
                // ECS takes container and port only together with a task definition that has them, which a deploy brings.
                ignoreChanges: [
                    "taskDefinition",
                    "desiredCount",
                    "loadBalancers[0].containerName",
                    "loadBalancers[0].containerPort",
                ],
                // The name is taken as long as the old service exists.
                deleteBeforeReplace: true,
                dependsOn: [policy, ...loadBalancer.dependsOn],
            },
        );
    }

    /**
     * Creates the security group of the tasks, which only the load balancer reaches. It may reach any port, since tasks with an earlier
     * port run until a deploy replaces them.
     */
    private createTaskGroup(name: string, { network, loadBalancer }: TargetContext): pulumi.Output<string> {
        const options = { parent: this };
        const group = new aws.ec2.SecurityGroup(
            `${name}-task-group`,
            { description: "Tasks of the service", vpcId: network.vpcId },
            options,
        );
        const onAnyPort = { ipProtocol: "tcp", fromPort: 1, toPort: 65535 };
        new aws.vpc.SecurityGroupIngressRule(
            `${name}-task-from-lb`,
            {
                description: "Load balancer",
                securityGroupId: group.id,
                referencedSecurityGroupId: loadBalancer.securityGroupId,
                ...onAnyPort,
            },
            options,
        );
        new aws.vpc.SecurityGroupEgressRule(
            `${name}-task-to-anywhere`,
            {
                description: "Registry, logs, settings and what the application calls",
                securityGroupId: group.id,
                ipProtocol: "-1",
                cidrIpv4: "0.0.0.0/0",
            },
            options,
        );
        new aws.vpc.SecurityGroupEgressRule(
            `${name}-lb-to-task`,
            {
                description: "Tasks of the service",
                securityGroupId: loadBalancer.securityGroupId,
                referencedSecurityGroupId: group.id,
                ...onAnyPort,
            },
            options,
        );
        return group.id;
    }
}
