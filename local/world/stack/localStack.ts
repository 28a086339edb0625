import * as fs from "node:fs";
import * as path from "node:path";
import { PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { imageSettings } from "../base-images";
import { projectRoot, worldDirectory } from "../../paths";
import { type World, withoutGit } from "../services";
import type { Toolchain } from "../toolchain";
import { openStack, type Program, qualified, readSettings } from "./openStack";
import { systemCertificates } from "./systemCertificates";

/** Options of an offline stack. */
export interface LocalStackOptions {
    /** Addresses of the running services. */
    world: World;
    /** Tools of the update. */
    toolchain: Pick<Toolchain, "pulumiRoot" | "dockerBuildProvider">;
    /** Settings besides those of Pulumi.local.yaml and those that lead to the services. @default - none */
    settings?: Record<string, unknown>;
    /** Name of the stack. @default local */
    stackName?: string;
    /** Program of the stack. @default - infra/index.ts */
    program?: Program;
}

/** Opens a stack of the offline world, with the committed settings of stack `local` and those of this machine. */
export async function openLocalStack(options: LocalStackOptions): Promise<Stack> {
    const { world, toolchain, stackName = "local", settings = {}, program } = options;
    const work = path.join(worldDirectory(), "pulumi");
    // Runs beside what the caller does meanwhile.
    const pulumiCommand = PulumiCommand.get({ root: toolchain.pulumiRoot, skipVersionCheck: true });
    const { config } = await readSettings(path.join(projectRoot, "Pulumi.local.yaml"));
    return openStack({
        stackName,
        work,
        state: path.join(worldDirectory(), "data", "state"),
        config: { ...config, ...machineSettings(world), ...qualified(settings) },
        environment: engineEnvironment(options),
        pulumiCommand: await pulumiCommand,
        pulumiHome: path.join(work, "home"),
        program,
    });
}

function machineSettings(world: World): Record<string, unknown> {
    return {
        "aws:region": world.region,
        ...qualified({
            ...imageSettings(world.registry),
            ...(fs.existsSync(systemCertificates) ? { caCertificates: systemCertificates } : {}),
        }),
    };
}

/**
 * Makes the environment of the engine. The docker-build provider reads images back by https, and trusts the gateway's certificate for that.
 * The aws provider is the running one, docker-build comes from the toolchain, and nothing is ever downloaded. The user's files of Docker
 * and buildx are neither read nor written.
 */
export function engineEnvironment({
    world,
    toolchain,
}: Pick<LocalStackOptions, "world" | "toolchain">): Record<string, string> {
    return {
        PULUMI_DEBUG_PROVIDERS: `aws:${world.awsProviderPort}`,
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PATH: `${path.dirname(toolchain.dockerBuildProvider)}${path.delimiter}${process.env.PATH ?? ""}`,
        ...withoutGit,
        BUILDX_CONFIG: world.buildxConfig,
        DOCKER_CONFIG: world.dockerConfig,
        SSL_CERT_FILE: world.certificate,
    };
}
