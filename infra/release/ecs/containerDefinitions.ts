/** Settings of a task's container. */
export interface Container {
    /** Name of the container. */
    name: string;
    /** Image, `repository@sha256:…`. */
    imageUri: string;
    /** Port that the container listens on. */
    port: number;
    /** Variables that are not secret. */
    variables: Record<string, string>;
    /** Secret variables: the reference that ECS reads for each, by name; see settingReference. */
    secrets: Record<string, string>;
    /** Health check command, in exec form. @default - none */
    healthCheckCommand?: string[];
    /** Seconds in which failed health checks do not count. */
    healthCheckGraceSeconds: number;
    /** Log group of the container's output. */
    logGroupName: string;
    /** Region of the log group. */
    region: string;
}

/** Longest grace period that ECS takes for a container's own check, in seconds. */
const longestStartPeriod = 300;

/**
 * Renders the container definitions of a task definition, as the JSON text that ECS takes. Lists are in order of names, as ECS returns
 * them.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export function containerDefinitions(container: Container): string {
    const { name, imageUri, port, variables, secrets, healthCheckCommand } = container;
    return JSON.stringify([
        {
            name,
            image: imageUri,
            essential: true,
            portMappings: [{ containerPort: port, hostPort: port, protocol: "tcp" }],
            environment: byName(variables).map(([key, value]) => ({ name: key, value })),
            secrets: byName(secrets).map(([key, valueFrom]) => ({ name: key, valueFrom })),
            ...(healthCheckCommand === undefined
                ? {}
                : {
                      healthCheck: {
                          command: ["CMD", ...healthCheckCommand],
                          interval: 10,
                          timeout: 5,
                          retries: 3,
                          startPeriod: Math.min(container.healthCheckGraceSeconds, longestStartPeriod),
                      },
                  }),
            logConfiguration: {
                logDriver: "awslogs",
                options: {
                    "awslogs-group": container.logGroupName,
                    "awslogs-region": container.region,
                    "awslogs-stream-prefix": name,
                },
            },
        },
    ]);
}

function byName(values: Record<string, string>): [name: string, value: string][] {
    return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
