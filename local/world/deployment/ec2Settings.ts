import type { ContainerHost } from "../container-host";
import type { World } from "../services";
import { deployJobSettings } from "./deployJob";

/** Tag that selects the emulated instance, Ec2Target's default. */
export const instanceTags = { Deploy: "cached-image-pipeline-local" };

/** Name of the secret with the application's settings. */
export const secretName = "cached-image-pipeline/local";

/**
 * Makes settings by which stack `local` deploys to this machine's container host.
 *
 * @param databaseImage image of the compose service mysql
 */
export function ec2Settings(
    host: ContainerHost,
    databaseImage: string,
    { accountId }: Pick<World, "accountId">,
): Record<string, unknown> {
    return { ci: deployJobSettings(accountId), ...hostSettings(host, databaseImage) };
}

/** Makes settings by which a stack runs the sample application on an instance. */
export function hostSettings(host: ContainerHost, databaseImage: string): Record<string, unknown> {
    return {
        hostFolder: host.directory,
        ec2: {
            service: "go",
            composeFiles: ["app/docker-compose.prod.yml"],
            composeVariables: { HTTP_PORT: `127.0.0.1:${host.port}`, MYSQL_IMAGE: databaseImage },
            secretKeys: ["DATABASE_PASSWORD", "MYSQL_PASSWORD"],
        },
    };
}
