import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EcsTarget } from "../../../../infra/release/ecs/ecsTarget";
import type { EcsTargetArgs } from "../../../../infra/release/ecs/ecsTargetArgs";
import { executionRolePolicy, tasksTrustPolicy } from "../../../../infra/release/ecs/ecsRolePolicies";
import { accountId, region, registry } from "../../../../local/mocks/mockOutputs";
import { mockPulumi, valueOf } from "../../../../local/mocks/mockPulumi";

const repositoryArn = `arn:aws:ecr:${region}:${accountId}:repository/shop`;
const imageUri = `${registry}/shop@sha256:${"1".repeat(64)}`;
const logGroupName = "/aws/ecs/shop-dev";
const executionRole = `arn:aws:iam::${accountId}:role/target-execution-role-1a2b3c4`;
const taskRole = `arn:aws:iam::${accountId}:role/target-task-role-1a2b3c4`;
const targetGroupArn = `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/target-lb/1`;

async function declare(extra: Partial<EcsTargetArgs> = {}) {
    const world = await mockPulumi();
    const args = { application: "shop", environment: "dev", imageUri, repositoryArn, secretName: "shop/dev" };
    const target = new EcsTarget("target", { ...args, ...extra });
    await world.settle();
    return { world, target };
}

describe("EcsTarget", () => {
    it("declares network, load balancer, roles, task definition and service", async () => {
        const { world } = await declare();
        assert.deepEqual(world.tree(), [
            "EcsTarget target",
            "  ApplicationLoadBalancer target-lb",
            "  Cluster target-cluster",
            "  LogGroup target-logs",
            "  Role target-execution-role",
            "  Role target-task-role",
            "  RolePolicy target-execution-policy",
            "  SecurityGroup target-lb-group",
            "  SecurityGroup target-task-group",
            "  SecurityGroupEgressRule target-lb-to-task",
            "  SecurityGroupEgressRule target-task-to-anywhere",
            "  SecurityGroupIngressRule target-lb-from-internet-80",
            "  SecurityGroupIngressRule target-task-from-lb",
            "  Service target-service",
            "  TaskDefinition target-task",
            "  Vpc target-vpc",
        ]);
    });

    it("runs the first image as a service that rolls back and that deploys move afterwards", async () => {
        const { world } = await declare();
        const { inputs, options } = world.resource("Service target-service");
        assert.deepEqual(inputs, {
            name: "shop-dev",
            cluster: "shop-dev",
            taskDefinition: `arn:aws:ecs:${region}:${accountId}:task-definition/shop-dev:1`,
            desiredCount: 2,
            launchType: "FARGATE",
            deploymentCircuitBreaker: { enable: true, rollback: true },
            deploymentMinimumHealthyPercent: 100,
            deploymentMaximumPercent: 200,
            healthCheckGracePeriodSeconds: 60,
            networkConfiguration: {
                subnets: ["subnet-private-1", "subnet-private-2"],
                securityGroups: ["target-task-group-id"],
                assignPublicIp: false,
            },
            loadBalancers: [{ targetGroupArn, containerName: "app", containerPort: 8080 }],
            propagateTags: "SERVICE",
            enableEcsManagedTags: true,
            waitForSteadyState: true,
        });
        assert.deepEqual(options, {
            deleteBeforeReplace: true,
            ignoreChanges: [
                "taskDefinition",
                "desiredCount",
                "loadBalancers[0].containerName",
                "loadBalancers[0].containerPort",
            ],
            // The load balancer is not listed, since the service's inputs refer to it.
            dependsOn: ["RolePolicy target-execution-policy"],
        });
    });

    it("declares the task definition that deploys put their image into, and keeps old revisions", async () => {
        const { world } = await declare({
            platform: "linux/arm64",
            cpu: 512,
            memory: 1024,
            port: 9000,
            variables: { LOG_LEVEL: "info", BIND: pulumi.output(":9000") },
            secretKeys: ["DATABASE_PASSWORD"],
            healthCheckCommand: ["/api", "healthcheck"],
            healthCheckGraceSeconds: 400,
        });
        assert.deepEqual(world.resource("TaskDefinition target-task").inputs, {
            family: "shop-dev",
            requiresCompatibilities: ["FARGATE"],
            networkMode: "awsvpc",
            cpu: "512",
            memory: "1024",
            runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
            executionRoleArn: executionRole,
            taskRoleArn: taskRole,
            containerDefinitions: JSON.stringify([
                {
                    name: "app",
                    image: imageUri,
                    essential: true,
                    portMappings: [{ containerPort: 9000, hostPort: 9000, protocol: "tcp" }],
                    environment: [
                        { name: "BIND", value: ":9000" },
                        { name: "LOG_LEVEL", value: "info" },
                    ],
                    secrets: [
                        {
                            name: "DATABASE_PASSWORD",
                            valueFrom: `arn:aws:secretsmanager:${region}:${accountId}:secret:shop/dev:DATABASE_PASSWORD::`,
                        },
                    ],
                    healthCheck: {
                        command: ["CMD", "/api", "healthcheck"],
                        interval: 10,
                        timeout: 5,
                        retries: 3,
                        startPeriod: 300,
                    },
                    logConfiguration: {
                        logDriver: "awslogs",
                        options: {
                            "awslogs-group": logGroupName,
                            "awslogs-region": region,
                            "awslogs-stream-prefix": "app",
                        },
                    },
                },
            ]),
            skipDestroy: true,
        });
    });

    it("lets ECS pull the image, write the log and read the settings that the container gets", async () => {
        const { world } = await declare({ secretKeys: ["PASSWORD"], secretKmsKeyArn: "arn:aws:kms:key" });
        assert.deepEqual(world.resource("RolePolicy target-execution-policy").inputs, {
            role: "target-execution-role-1a2b3c4",
            policy: executionRolePolicy({
                repositoryArn,
                logGroupArn: `arn:aws:logs:${region}:${accountId}:log-group:${logGroupName}`,
                secretArn: `arn:aws:secretsmanager:${region}:${accountId}:secret:shop/dev-??????`,
                secretKmsKeyArn: "arn:aws:kms:key",
            }),
        });
        const trust = tasksTrustPolicy({ partition: "aws", region, accountId });
        for (const role of ["execution", "task"]) {
            assert.equal(world.resource(`Role target-${role}-role`).inputs.assumeRolePolicy, trust);
        }
    });

    it("is reached through the load balancer only", async () => {
        const { world } = await declare();
        const rules = world.resources
            .filter(({ type }) => type.includes("SecurityGroup") && type.includes("Rule"))
            .map(({ name, inputs }) => [name, { ...inputs, description: undefined }]);
        const onAnyPort = { ipProtocol: "tcp", fromPort: 1, toPort: 65535 };
        assert.deepEqual(Object.fromEntries(rules), {
            "target-lb-from-internet-80": {
                description: undefined,
                securityGroupId: "target-lb-group-id",
                ipProtocol: "tcp",
                fromPort: 80,
                toPort: 80,
                cidrIpv4: "0.0.0.0/0",
            },
            "target-lb-to-task": {
                description: undefined,
                securityGroupId: "target-lb-group-id",
                referencedSecurityGroupId: "target-task-group-id",
                ...onAnyPort,
            },
            "target-task-from-lb": {
                description: undefined,
                securityGroupId: "target-task-group-id",
                referencedSecurityGroupId: "target-lb-group-id",
                ...onAnyPort,
            },
            "target-task-to-anywhere": {
                description: undefined,
                securityGroupId: "target-task-group-id",
                ipProtocol: "-1",
                cidrIpv4: "0.0.0.0/0",
            },
        });
    });

    it("lets another port or container take effect with the next deploy alone: nothing that serves the running tasks changes", async () => {
        const declared = async (args: Partial<EcsTargetArgs>) => {
            const { world } = await declare(args);
            return world.resources
                .filter(({ name }) => name !== "target-task")
                .map(({ name, inputs }) => {
                    const [balancer] = (inputs.loadBalancers ?? []) as object[];
                    const rest = { ...balancer, containerName: "ignored", containerPort: "ignored" };
                    return [name, balancer === undefined ? inputs : { ...inputs, loadBalancers: [rest] }];
                });
        };
        assert.deepEqual(await declared({ port: 9000, containerName: "web" }), await declared({}));
    });

    it("serves HTTPS with a certificate, and redirects HTTP to it", async () => {
        const { world, target } = await declare({ certificateArn: pulumi.output("arn:aws:acm:certificate") });
        const { inputs } = world.resource("ApplicationLoadBalancer target-lb");
        assert.deepEqual(inputs.listeners, [
            {
                port: 80,
                protocol: "HTTP",
                defaultActions: [
                    { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
                ],
            },
            {
                port: 443,
                protocol: "HTTPS",
                certificateArn: "arn:aws:acm:certificate",
                sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
            },
        ]);
        assert.equal(await valueOf(target.url), `https://target-lb.${region}.elb.amazonaws.com`);
    });

    it("uses the network, load balancer and cluster that are there", async () => {
        const { world, target } = await declare({
            existingClusterName: "shared",
            existingNetwork: { vpcId: "vpc-9", taskSubnetIds: pulumi.output(["subnet-9"]) },
            existingLoadBalancer: { targetGroupArn: "arn:group", securityGroupId: "sg-9", url: "https://shop.example" },
        });
        const types = new Set(world.resources.map(({ type }) => type.split(":").pop()));
        for (const type of ["Vpc", "ApplicationLoadBalancer", "Cluster"]) assert.ok(!types.has(type), type);
        const { inputs, options } = world.resource("Service target-service");
        assert.equal(inputs.cluster, "shared");
        assert.deepEqual((inputs.networkConfiguration as { subnets: string[] }).subnets, ["subnet-9"]);
        assert.deepEqual(inputs.loadBalancers, [
            { targetGroupArn: "arn:group", containerName: "app", containerPort: 8080 },
        ]);
        assert.deepEqual(options.dependsOn, ["RolePolicy target-execution-policy"]);
        assert.equal(await valueOf(target.url), "https://shop.example");
    });

    it("gives deploys what they need to know", async () => {
        const { world } = await declare();
        assert.deepEqual(world.resource("EcsTarget target").outputs, {
            clusterName: "shop-dev",
            serviceName: "shop-dev",
            serviceArn: `arn:aws:ecs:${region}:${accountId}:service/shop-dev/shop-dev`,
            taskDefinitionArn: `arn:aws:ecs:${region}:${accountId}:task-definition/shop-dev:1`,
            containerName: "app",
            taskRoleName: "target-task-role-1a2b3c4",
            passedRoleArns: [executionRole, taskRole],
            subnetIds: ["subnet-private-1", "subnet-private-2"],
            url: `http://target-lb.${region}.elb.amazonaws.com`,
        });
    });
});
