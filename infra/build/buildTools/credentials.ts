import * as fs from "node:fs";
import * as path from "node:path";
import { type AwsCalls, readObject, readSecret } from "./awsCalls";
import type { BuildVariables } from "./gitReference";

/**
 * Writes what builds need to know and nobody else may: Docker's configuration with the login of the registries, and the build secrets,
 * each in a file of its id.
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
    const write = (file: string, content: string) => {
        fs.writeFileSync(path.join(folder, file), content, { mode: 0o600 });
    };
    for (const name of ["docker", "secret-files"]) fs.mkdirSync(path.join(folder, name), { mode: 0o700 });
    await Promise.all([
        calls.login().then((auth) => {
            const auths = Object.fromEntries(registries.map((host) => [host, { auth }]));
            write("docker/config.json", JSON.stringify({ auths }));
        }),
        ...Object.entries(secrets).map(async ([id, name]) => write(`secret-files/${id}`, await readSecret(name))),
        caCertificates(variables).then((content) => {
            if (content !== undefined) write("secret-files/ca", content);
        }),
    ]);
}

/** Certificates that build steps trust besides their image's own, which `pulumi up` put beside the build tools. */
async function caCertificates(variables: BuildVariables): Promise<string | undefined> {
    const { BUILD_TOOLS_BUCKET: bucket = "", CA_CERTIFICATES_KEY: key } = variables;
    return key ? readObject(bucket, key) : undefined;
}
