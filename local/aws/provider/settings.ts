/** Environment variables that lead the provider to its AWS, by setting. */
const variables = {
    /** Base URL of every service. */
    endpoint: "AWS_ENDPOINT_URL",
    region: "AWS_REGION",
    accessKeyId: "AWS_ACCESS_KEY_ID",
    secretAccessKey: "AWS_SECRET_ACCESS_KEY",
    /** Folder `data` of botocore, whose API models validate requests. */
    apiModels: "AWS_API_MODELS",
} as const;

/** Settings that lead the provider to its AWS, read from the environment only. */
export type Settings = Record<keyof typeof variables, string>;

/**
 * Reads the settings.
 *
 * @throws Error naming every variable that is missing; there is no default, so that no request can go to real AWS
 */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv): Settings {
    const missing = Object.values(variables).filter((name) => !environment[name]);
    if (missing.length > 0) {
        throw new Error(
            `The local aws provider needs the environment variables ${missing.join(", ")}; set them and start it again.`,
        );
    }
    return Object.fromEntries(
        Object.entries(variables).map(([setting, name]) => [setting, environment[name]]),
    ) as Settings;
}
