import { type Container, containerDefinitions } from "../../infra/release/ecs/containerDefinitions";
import { ecsDeployStatements } from "../../infra/release/ecs/ecsDeployStatements";
import { tasksTrustPolicy } from "../../infra/release/ecs/ecsRolePolicies";
import { releaseStatements } from "../../infra/release/releaseStatements";
import { parameterName, repositoryName } from "./deployWorld";
import { startScriptedWorld } from "./scriptedWorld";

const region = "eu-central-1";
const account = "000000000000";
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;

/** Name of the tests' cluster, service and family. */
export const title = "shop-dev";

/** Makes the ARN of a revision of the service's task definition. */
export const revision = (number: number) => arn("ecs", `task-definition/${title}:${number}`);

/** Makes the load balancer setting that reaches a container's port. */
export const balancer = (containerName: string, containerPort: number) => ({
    targetGroupArn: arn("elasticloadbalancing", "targetgroup/shop-dev/1"),
    containerName,
    containerPort,
});

/** Service as the emulator describes it. */
export interface Service {
    taskDefinition: string;
    loadBalancers: { targetGroupArn: string; containerName: string; containerPort: number }[];
    deployments: { id: string; status: string; rolloutState: string; taskDefinition: string }[];
}

/** Part of a task definition that tests look into. */
export interface Definition {
    containerDefinitions: { image: string; environment: { name: string; value: string }[] }[];
}

/** Deploy world with the service that EcsTarget declares. */
export type EcsWorld = Awaited<ReturnType<typeof startEcsWorld>>;

/** Starts the world; the service runs revision 1 with the first image. */
export async function startEcsWorld() {
    const world = await startScriptedWorld();
    const { aws } = world;
    const digests = [await world.pushImage("one"), await world.pushImage("two"), await world.pushImage("three")];
    const imageUri = (index: number) => `${world.repositoryUrl}@${digests[index]}`;
    await world.putParameter(imageUri(0));

    /** Declares a revision as `pulumi up` does. */
    const declare = async (image: string, change: Partial<Container> = {}): Promise<string> => {
        const definition = {
            family: title,
            requiresCompatibilities: ["FARGATE"],
            networkMode: "awsvpc",
            cpu: "256",
            memory: "512",
            runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
            executionRoleArn: role("shop-execution"),
            taskRoleArn: role("shop-task"),
            containerDefinitions: JSON.parse(
                containerDefinitions({
                    name: "app",
                    imageUri: image,
                    port: 8080,
                    variables: {},
                    secrets: { DATABASE_PASSWORD: arn("secretsmanager", "secret:shop/dev:DATABASE_PASSWORD::") },
                    healthCheckCommand: ["/api", "healthcheck"],
                    healthCheckGraceSeconds: 60,
                    logGroupName: `/aws/ecs/${title}`,
                    region,
                    ...change,
                }),
            ) as unknown,
        };
        const answer = await aws("ecs", "register-task-definition", "--cli-input-json", JSON.stringify(definition));
        return (answer as { taskDefinition: { taskDefinitionArn: string } }).taskDefinition.taskDefinitionArn;
    };

    const trust = tasksTrustPolicy({ partition: "aws", region, accountId: account });
    for (const name of ["shop-execution", "shop-task"]) {
        await aws("iam", "create-role", "--role-name", name, "--assume-role-policy-document", trust);
    }
    const declared = await declare(imageUri(0));
    await aws("ecs", "create-cluster", "--cluster-name", title);
    await aws(
        ...["ecs", "create-service", "--cluster", title, "--service-name", title, "--task-definition", declared],
        ...["--desired-count", "2", "--launch-type", "FARGATE"],
        ...["--network-configuration", "awsvpcConfiguration={subnets=[subnet-1],securityGroups=[sg-1]}"],
        ...["--deployment-configuration", "deploymentCircuitBreaker={enable=true,rollback=true}"],
        ...["--load-balancers", JSON.stringify([balancer("app", 8080)])],
    );
    const statements = [
        ...releaseStatements({
            parameterArn: arn("ssm", `parameter${parameterName}`),
            repositoryArn: arn("ecr", `repository/${repositoryName}`),
        }),
        ...ecsDeployStatements({
            serviceArn: arn("ecs", `service/${title}/${title}`),
            taskDefinitionArn: declared,
            passedRoleArns: [role("shop-execution"), role("shop-task")],
            subnetIds: ["subnet-1"],
        }),
    ];
    const credentials = await world.assumeDeployRole(statements);

    const job = {
        ...credentials,
        ECS_CLUSTER: title,
        ECS_SERVICE: title,
        ECS_CONTAINER: "app",
        ECS_TASK_DEFINITION: declared,
        DEPLOY_DEADLINE: "30",
    };

    return {
        ...world,
        credentials,
        digests,
        imageUri,
        declare,

        /** Runs deploy/ecs.sh under the declared deploy role. */
        deployImage: (image: string, variables: Record<string, string> = {}) =>
            world.deploy("ecs.sh", { ...job, ...variables }, "--image", image),

        /** Runs deploy/rollback.sh under that role. */
        rollBack: (variables: Record<string, string> = {}) =>
            world.deploy("rollback.sh", { ...job, ...variables }, "ecs"),

        /** Reads the present service. */
        service: async (): Promise<Service> => {
            const answer = await aws("ecs", "describe-services", "--cluster", title, "--services", title);
            return (answer as { services: Service[] }).services[0]!;
        },

        /** Reads the content of a revision, without ECS's own fields. */
        definition: async (definition: string): Promise<Definition> => {
            const answer = await aws("ecs", "describe-task-definition", "--task-definition", definition);
            const { taskDefinition } = answer as { taskDefinition: Definition & Record<string, unknown> };
            for (const added of ["taskDefinitionArn", "revision", "registeredAt", "registeredBy"]) {
                delete taskDefinition[added];
            }
            return taskDefinition;
        },
    };
}
