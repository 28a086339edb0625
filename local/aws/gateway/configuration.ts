import * as path from "node:path";
import { buildsDirectory } from "../codebuild/buildStore";
import { projectRoot } from "../../paths";

/** Configuration of the gateway. */
export interface GatewayConfiguration {
    /** Port on 127.0.0.1 to listen on; 0 takes a free one. */
    port: number;
    /** Path of the Unix socket that the emulator listens on. */
    upstreamSocket: string;
    /** Folder of the gateway's own state and access log; created with mode 0700 when missing. */
    stateDirectory: string;
    /** AWS region of the registry and of the ARNs. */
    region: string;
    /** Access key of the emulator's administrator; the emulator runs with the same pair. */
    accessKeyId: string;
    /** Secret of that access key. */
    secretAccessKey: string;
    /** Folder of documents, managed nodes and commands of Systems Manager. */
    ssmDirectory: string;
    /** Folder of the records of CodeBuild's builds. */
    buildsDirectory: string;
    /** Executable and arguments of the program that runs a build; see local/aws/codebuild/main.ts. */
    buildRunner: [string, ...string[]];
}

/**
 * Reads the configuration from environment variables.
 *
 * @throws Error naming the variable that is missing or wrong, its value, and the allowed values
 */
export function configurationFromEnvironment(environment: NodeJS.ProcessEnv): GatewayConfiguration {
    const required = (name: string) => {
        const value = environment[name];
        if (!value) throw new Error(`${name} is not set; the gateway takes its configuration from the environment.`);
        return value;
    };
    return {
        port: parsePort(required("GATEWAY_PORT")),
        upstreamSocket: required("GATEWAY_UPSTREAM"),
        stateDirectory: required("GATEWAY_STATE"),
        region: required("AWS_REGION"),
        accessKeyId: required("AWS_ACCESS_KEY_ID"),
        secretAccessKey: required("AWS_SECRET_ACCESS_KEY"),
        ssmDirectory: path.join(required("GATEWAY_STATE"), "ssm"),
        buildsDirectory: buildsDirectory(),
        buildRunner: [process.execPath, path.join(projectRoot, "local", "bootstrap.js"), "local/aws/codebuild/main.ts"],
    };
}

function parsePort(text: string): number {
    const port = Number(text);
    if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
    throw new Error(`GATEWAY_PORT is "${text}"; it must be a number from 0 to 65535.`);
}
