import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import { runCommand } from "../../local/world/toolchain/command";
import { startAwsCli } from "./awsCli";
import type { EngineWorld } from "./engineWorld";

/** Inputs of a function of Lambda. */
export interface DeclaredFunction {
    name: string;
    role: string;
    imageUri: string;
    architectures: string[];
}

/** Inputs of an alias of a function. */
export interface DeclaredAlias {
    name: string;
    functionVersion: string;
}

/** Version that an alias names. */
export interface LiveVersion {
    version: string;
    imageUri: string;
}

/**
 * Makes a declared function and its alias, and releases an image by deploy/lambda.sh.
 *
 * @param deployEnv the script's variables, as lines
 * @returns what the alias names before and after the release
 */
export async function releaseOnLambda(
    { world }: EngineWorld,
    declared: DeclaredFunction,
    alias: DeclaredAlias,
    deployEnv: string,
): Promise<[LiveVersion, LiveVersion]> {
    const cli = await startAwsCli();
    const env = {
        PATH: `${cli.folder}:${process.env.PATH}`,
        HOME: "/nonexistent",
        ...cli.environment,
        AWS_ENDPOINT_URL: world.endpoint,
        AWS_DEFAULT_REGION: world.region,
        AWS_ACCESS_KEY_ID: world.accessKeyId,
        AWS_SECRET_ACCESS_KEY: world.secretAccessKey,
        ...variablesOf(deployEnv),
    };
    const aws = async <Answer>(...args: string[]) =>
        JSON.parse(await runCommand("aws", ["lambda", ...args, "--function-name", declared.name], { env })) as Answer;
    const live = async (): Promise<LiveVersion> => {
        const { FunctionVersion } = await aws<{ FunctionVersion: string }>("get-alias", "--name", alias.name);
        const { Code } = await aws<{ Code: { ImageUri: string } }>("get-function", "--qualifier", FunctionVersion);
        return { version: FunctionVersion, imageUri: Code.ImageUri };
    };
    try {
        await aws(
            ...["create-function", "--package-type", "Image", "--publish", "--role", declared.role],
            ...["--code", `ImageUri=${declared.imageUri}`, "--architectures", ...declared.architectures],
        );
        await aws("create-alias", "--name", alias.name, "--function-version", alias.functionVersion);
        const before = await live();
        await runCommand(path.join(projectRoot, "deploy/lambda.sh"), [], { env });
        return [before, await live()];
    } finally {
        await cli.stop();
    }
}

/** Reads lines `NAME=value`. */
function variablesOf(lines: string): Record<string, string> {
    return Object.fromEntries(
        lines
            .trim()
            .split("\n")
            .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
}
