/** Settings that lead the provider to its AWS, read from the environment only. */
export interface Settings {
    /** Base URL of every service: AWS_ENDPOINT_URL. */
    endpoint: string;
    /** Region: AWS_REGION. */
    region: string;
    /** Access key: AWS_ACCESS_KEY_ID. */
    accessKeyId: string;
    /** Secret of the access key: AWS_SECRET_ACCESS_KEY. */
    secretAccessKey: string;
    /**
     * Session token: AWS_SESSION_TOKEN.
     *
     * @default none: long-term credentials
     */
    sessionToken?: string;
    /** Folder `data` of botocore, whose API models validate requests: AWS_API_MODELS. */
    apiModels: string;
}

const required = {
    endpoint: "AWS_ENDPOINT_URL",
    region: "AWS_REGION",
    accessKeyId: "AWS_ACCESS_KEY_ID",
    secretAccessKey: "AWS_SECRET_ACCESS_KEY",
    apiModels: "AWS_API_MODELS",
} as const;

/**
 * Reads the settings.
 *
 * @throws Error naming every variable that is missing; there is no default, so that no request can go to real AWS
 */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv): Settings {
    const missing = Object.values(required).filter((name) => !environment[name]);
    if (missing.length > 0) {
        throw new Error(
            `The local aws provider needs the environment variables ${missing.join(", ")}; set them and start it again.`,
        );
    }
    const value = (name: string) => environment[name] ?? "";
    return {
        endpoint: value(required.endpoint),
        region: value(required.region),
        accessKeyId: value(required.accessKeyId),
        secretAccessKey: value(required.secretAccessKey),
        sessionToken: environment.AWS_SESSION_TOKEN,
        apiModels: value(required.apiModels),
    };
}
