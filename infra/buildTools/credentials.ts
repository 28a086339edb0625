import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { AwsCalls } from "./awsCalls";
import { readBuildObject } from "./buildObject";
import type { BuildVariables } from "./gitReference";

/**
 * Writes the files that only builds may read: Docker's configuration with the registries' login, and each build secret in a file named by
 * its id.
 *
 * @param folder the work folder
 * @param secrets names in Secrets Manager by the ids of build secrets
 */
export async function writeCredentials(
    folder: string,
    calls: AwsCalls,
    registries: string[],
    secrets: Record<string, string>,
    variables: BuildVariables,
): Promise<void> {
    const { CA_CERTIFICATES_KEY: key, DOCKER_CONFIG: hostConfig = path.join(os.homedir(), ".docker") } = variables;
    const write = (file: string, content: string) => {
        fs.writeFileSync(path.join(folder, file), content, { mode: 0o600 });
    };
    for (const name of ["docker", "secret-files"]) fs.mkdirSync(path.join(folder, name), { mode: 0o700 });
    await Promise.all([
        calls.login().then((auth) => {
            const auths = Object.fromEntries(registries.map((host) => [host, { auth }]));
            // A build host may have buildx beside its own Docker configuration.
            const cliPluginsExtraDirs = [path.join(hostConfig, "cli-plugins")];
            write("docker/config.json", JSON.stringify({ auths, cliPluginsExtraDirs }));
        }),
        ...Object.entries(secrets).map(async ([id, name]) => write(`secret-files/${id}`, await calls.secret(name))),
        // Certificates that build steps trust besides their image's own, which `pulumi up` put beside the build tools.
        ...(key ? [readBuildObject(calls, variables, key).then((content) => write("secret-files/ca", content))] : []),
    ]);
}
