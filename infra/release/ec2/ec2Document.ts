import * as fs from "node:fs";
import * as path from "node:path";

/** Values in the document of an {@link Ec2Target}. */
export interface Ec2DocumentSettings {
    /** Region of the target. */
    region: string;
    /** Address of the image's repository. */
    repositoryUrl: string;
    /** Bucket of the compose files. */
    bucketName: string;
    /** Names of the compose files, in the order in which they override each other. */
    composeFiles: string[];
    /** Compose project on the hosts. */
    project: string;
    /** Compose service that runs the image. */
    service: string;
    /** Keys that the settings' secret must have. */
    secretKeys: string[];
    /** Name of the SSM parameter with the folder on the hosts. */
    directoryAppParameter: string;
    /** Name of the SSM parameter that names the settings' secret. */
    secretNameParameter: string;
    /** Seconds in which a container must become healthy. */
    healthSeconds: number;
    /** Images kept on each host. */
    keepImages: number;
    /** Seconds after which the agent ends the whole run on a host. */
    timeoutSeconds: number;
}

/** Key prefix of the compose files in the deploy bucket. */
export const composePrefix = "compose";

/**
 * Renders the SSM Command document that deploys an image on a host, as JSON text. Its one parameter is a digest with a pattern: no caller
 * passes text to a shell or chooses what else is replaced. Agents of version 3.3.2746.0 and later pass the digest as an environment
 * variable. Earlier agents put it into the script, where the pattern keeps it harmless.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */
export function ec2Document(settings: Ec2DocumentSettings): string {
    return JSON.stringify({
        schemaVersion: "2.2",
        description: `Deploys an image of ${settings.repositoryUrl} as a compose service`,
        parameters: {
            Digest: {
                type: "String",
                description: "The image: sha256: and 64 hexadecimal digits",
                allowedPattern: "^sha256:[0-9a-f]{64}$",
                interpolationType: "ENV_VAR",
            },
        },
        mainSteps: [
            {
                action: "aws:runShellScript",
                name: "deploy",
                precondition: { StringEquals: ["platformType", "Linux"] },
                inputs: {
                    timeoutSeconds: String(settings.timeoutSeconds),
                    runCommand: hostScript(settings).split("\n"),
                },
            },
        ],
    });
}

/** Renders the script that runs on the host, in POSIX sh. */
function hostScript(settings: Ec2DocumentSettings): string {
    return [
        "set -eu",
        "umask 077",
        'if [ -z "${SSM_Digest+x}" ]; then SSM_Digest="{{Digest}}"; fi',
        "DIGEST=$SSM_Digest",
        ...Object.entries(settingVariables(settings)).map(([name, value]) => `${name}=${quoted(value)}`),
        "export AWS_REGION AWS_DEFAULT_REGION=$AWS_REGION",
        "scripts=$(mktemp -d)",
        ...["functions.sh", "fetch.sh", "replace.sh"].flatMap((name) => [
            `cat >"$scripts/${name}" <<'END_OF_SCRIPT'`,
            readScript(name),
            "END_OF_SCRIPT",
        ]),
        readScript("deploy.sh"),
    ].join("\n");
}

function settingVariables(settings: Ec2DocumentSettings): Record<string, string> {
    return {
        AWS_REGION: settings.region,
        REPOSITORY_URL: settings.repositoryUrl,
        BUCKET: settings.bucketName,
        COMPOSE_PREFIX: composePrefix,
        COMPOSE_FILES: settings.composeFiles.join(" "),
        PROJECT: settings.project,
        SERVICE: settings.service,
        SECRET_KEYS: settings.secretKeys.join(" "),
        DIRECTORY_APP_PARAMETER: settings.directoryAppParameter,
        SECRET_NAME_PARAMETER: settings.secretNameParameter,
        HEALTH_SECONDS: String(settings.healthSeconds),
        KEEP_IMAGES: String(settings.keepImages),
    };
}

function quoted(value: string): string {
    return `'${value.replaceAll("'", `'\\''`)}'`;
}

function readScript(name: string): string {
    return fs.readFileSync(path.join(__dirname, "host", name), "utf8").trimEnd();
}
