import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { CreateRepositoryCommand, DescribeImagesCommand, PutImageCommand } from "@aws-sdk/client-ecr";
import {
    GetParameterCommand,
    GetParameterHistoryCommand,
    LabelParameterVersionCommand,
    PutParameterCommand,
} from "@aws-sdk/client-ssm";
import { projectRoot } from "../../local/paths";
import { digestOf, manifest, manifestType } from "../local/aws/gateway/registry/registryClient";
import { startWorld } from "../local/aws/gateway/world";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { proofKey } from "../../infra/plan/proofKey";
import { startAwsCli } from "../support/awsCli";

/** Result of a script. */
export interface ScriptRun {
    code: number | null;
    stdout: string;
    stderr: string;
}

/** Emulated AWS with a repository and a release parameter, and the deploy scripts' surroundings. */
export type DeployWorld = Awaited<ReturnType<typeof startDeployWorld>>;

export const parameterName = "/shop/dev/config/image-tag";
export const repositoryName = "shop-dev";
export const cacheBucketName = "shop-dev-cache";

/** Starts the world. */
export async function startDeployWorld() {
    const [world, cli] = await Promise.all([startWorld(), startAwsCli()]);
    const { ecr, s3, ssm } = world.admin;
    const repositoryUrl = `${new URL(world.gateway.origin).host}/${repositoryName}`;
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    await s3.send(new CreateBucketCommand({ Bucket: cacheBucketName }));

    const environment: Record<string, string> = {
        PATH: `${cli.folder}:${process.env.PATH ?? ""}`,
        HOME: "/nonexistent",
        ...cli.environment,
        AWS_ENDPOINT_URL: world.gateway.origin,
        AWS_REGION: world.region,
        AWS_ACCESS_KEY_ID: world.configuration.accessKeyId,
        AWS_SECRET_ACCESS_KEY: world.configuration.secretAccessKey,
        REPOSITORY_URL: repositoryUrl,
        IMAGE_TAG_PARAMETER: parameterName,
        DEPLOYED_TAG: "deployed-dev",
        CACHE_BUCKET_NAME: cacheBucketName,
    };

    return {
        ...world,
        repositoryUrl,
        environment,
        /** Pushes an image with its content tag; returns its digest. */
        pushImage: async (name: string): Promise<string> => {
            const imageManifest = manifest(name);
            const put = { repositoryName, imageManifest, imageManifestMediaType: manifestType };
            await ecr.send(new PutImageCommand({ ...put, imageTag: `src-${name}` }));
            return digestOf(imageManifest);
        },
        /** Writes a proof, as builds do: the digest of the image that was built of a content. */
        prove: async (tag: string, Body: string) => {
            await s3.send(new PutObjectCommand({ Bucket: cacheBucketName, Key: proofKey(repositoryName, tag), Body }));
        },
        putParameter: (Value: string) =>
            ssm.send(new PutParameterCommand({ Name: parameterName, Type: "String", Overwrite: true, Value })),
        /** Records a release without the scripts: a version, and the labels on it and on the one before. */
        release: async (Value: string) => {
            const put = { Name: parameterName, Type: "String", Overwrite: true, Value } as const;
            const { Version = 0 } = await ssm.send(new PutParameterCommand(put));
            for (const [label, ParameterVersion] of Object.entries({ previous: Version - 1, live: Version })) {
                const move = { Name: parameterName, ParameterVersion, Labels: [label] };
                await ssm.send(new LabelParameterVersionCommand(move));
            }
        },
        /** Reads version and value behind the name or one of its labels. */
        parameter: async (selector = "") => {
            const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `${parameterName}${selector}` }));
            return { version: Parameter?.Version, value: Parameter?.Value };
        },
        versions: async () => {
            const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name: parameterName }));
            return (Parameters ?? []).map(({ Value }) => Value);
        },
        /** Finds the digest of the image that has a tag; undefined when none has. */
        tagged: async (imageTag: string) => {
            const describe = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] });
            const answer = await ecr.send(describe).catch((error: Error) => {
                if (error.name === "ImageNotFoundException") return undefined;
                throw error;
            });
            return answer?.imageDetails?.[0]?.imageDigest;
        },
        stop: async () => {
            await cli.stop();
            await world.stop();
        },
    };
}

/** Runs a command in POSIX sh to its end. */
export async function run(command: string[], environment: Record<string, string>, input?: string): Promise<ScriptRun> {
    const [executable = "", ...args] = command;
    const child = spawn(executable, args, { cwd: projectRoot, env: environment, stdio: "pipe" });
    child.stdin.end(input);
    const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "exit") as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
}

/** Runs lines of a script that has the functions of deploy/lib. */
export function runWithLibrary(lines: string, environment: Record<string, string>): Promise<ScriptRun> {
    const lib = path.join(projectRoot, "deploy/lib");
    return run(["sh"], environment, `set -eu\nlib=${lib}\n. "$lib/deploy.sh"\n${lines}\n`);
}
