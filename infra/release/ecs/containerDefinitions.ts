/** What the container of a task is made of. */
export interface Container {
    /** Its name. */
    name: string;
    /** `repository@sha256:…`. */
    imageUri: string;
    /** Port that it listens on. */
    port: number;
    /** Variables that are not secret. */
    variables: Record<string, string>;
    /** Variables that are secret: where ECS reads each, by name; see settingReference. */
    secrets: Record<string, string>;
    /** Command that tells its health, in exec form. @default - none */
    healthCheckCommand?: string[];
    /** Seconds in which failed health checks do not count. */
    healthCheckGraceSeconds: number;
    /** Log group of its output. */
    logGroupName: string;
    /** Region of the log group. */
    region: string;
}

/** The longest grace period that ECS takes for a container's own check, in seconds. */
const longestStartPeriod = 300;

/**
 * The container definitions of a task definition, as the JSON text that ECS takes. Lists are in order of names, as ECS returns
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
