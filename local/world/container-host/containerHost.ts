import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CreateSecretCommand, ResourceExistsException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { worldDirectory } from "../../paths";
import { readJsonFile, writeJsonFile } from "../../machine/jsonFile";
import { type WorldLayout, worldLayout } from "../services/layout";
import { ensureService } from "../services/supervise";
import { administratorSettings, type World } from "../services";
import { currentAgentVersion, openSsm } from "../../aws/ssm";
import type { ContainerTools, Report, Toolchain } from "../toolchain";
import { explainFault } from "../toolchain/faults";
import { runCommand } from "../toolchain/command";
import { freePort } from "../../machine/freePort";
import { dockerRequest } from "../services/dockerApi";
import { dockerService } from "./dockerService";

const hostSchema = z.object({
    /** Folder on the instance for the application. */
    directory: z.string(),
    /** Port of the application on 127.0.0.1. */
    port: z.number().int(),
    /** Variables of all programs that run on the instance. */
    environment: z.record(z.string(), z.string()),
});

/** Emulated EC2 instance: a Docker daemon on this machine, and the values that an agent needs to use it. */
export type ContainerHost = z.infer<typeof hostSchema>;

/** Id of the first instance. */
const firstInstance = "i-0123456789abcdef0";

/**
 * Starts the instance's Docker daemon, or finds it running.
 *
 * @throws one sentence when no container can run on this machine
 */
export async function startContainerHost(
    tools: ContainerTools & Pick<Toolchain, "aws">,
    world: World,
    report: Report,
    signal: AbortSignal,
): Promise<ContainerHost> {
    const layout = worldLayout(worldDirectory());
    checkUser();
    await ensureService(dockerService(tools, layout), layout, report, () => undefined, signal);
    const configuration = await writeDockerConfiguration(layout, tools);
    const environment = {
        PATH: [path.dirname(tools.docker), path.dirname(tools.aws), process.env.PATH ?? ""].join(path.delimiter),
        HOME: layout.instance,
        DOCKER_HOST: `unix://${layout.dockerSocket}`,
        DOCKER_CONFIG: configuration,
        AWS_ENDPOINT_URL: world.endpoint,
    };
    await checkContainers(tools, environment, signal);
    const directory = path.join(layout.instance, "app");
    const host = { directory, port: await applicationPort(layout, "application"), environment };
    await writeJsonFile(hostFile(layout), host);
    return host;
}

/**
 * Reads the container host that `npm start` started.
 *
 * @throws one sentence when there is none
 */
export async function readContainerHost(): Promise<ContainerHost> {
    const layout = worldLayout(worldDirectory());
    const host = await readJsonFile(hostFile(layout), hostSchema);
    if (host === undefined || (await dockerRequest(layout.dockerSocket, "GET", "/_ping")) === undefined) {
        throw new Error(`No container host is running in ${layout.folder}; run \`npm start\` first.`);
    }
    return host;
}

/**
 * Makes a second instance on the same Docker daemon, with a folder and a port of its own.
 *
 * @param name name of the folder
 */
export async function furtherInstance(host: ContainerHost, name: string): Promise<ContainerHost> {
    const layout = worldLayout(worldDirectory());
    return { ...host, directory: path.join(layout.instance, name), port: await applicationPort(layout, name) };
}

const hostFile = (layout: WorldLayout) => path.join(layout.run, "container-host.json");

function checkUser(): void {
    const user = process.getuid?.();
    if (user !== 0) throw new Error(`Docker needs root and this is user ${user}; run the command as root.`);
}

/** Writes the Docker configuration of an instance, in whose plugin folder compose is installed. */
async function writeDockerConfiguration(layout: WorldLayout, tools: ContainerTools): Promise<string> {
    const folder = path.join(layout.instance, ".docker");
    await fs.mkdir(path.join(folder, "cli-plugins"), { recursive: true, mode: 0o700 });
    const plugin = path.join(folder, "cli-plugins", "docker-compose");
    await fs.rm(plugin, { force: true });
    await fs.symlink(tools.dockerCompose, plugin);
    return folder;
}

/** Checks that the daemon can run containers: a running daemon may be unable to make a bridge, which compose needs for each network. */
async function checkContainers(
    tools: ContainerTools,
    environment: Record<string, string>,
    signal: AbortSignal,
): Promise<void> {
    const name = "cached-image-pipeline-check";
    const docker = (...args: string[]) =>
        runCommand(tools.docker, args, { env: { ...process.env, ...environment }, signal });
    try {
        await docker("network", "create", name);
        await docker("network", "rm", name);
    } catch (error) {
        throw explainFault("making a network for containers", error);
    }
}

const portSchema = z.object({ port: z.number().int() });

/** Chooses the port of the last run, otherwise a free one. */
async function applicationPort(layout: WorldLayout, name: string): Promise<number> {
    const file = path.join(layout.folder, `${name}.json`);
    const known = await readJsonFile(file, portSchema);
    if (known !== undefined) return known.port;
    const port = await freePort();
    await writeJsonFile(file, { port });
    return port;
}

/** Registers an instance with its tag and role, so that commands reach it. @param roleArn role of its instance profile */
export async function registerInstance(
    host: ContainerHost,
    world: World,
    tags: Record<string, string>,
    roleArn: string,
    instanceId = firstInstance,
): Promise<void> {
    const { nodes } = openSsm(path.join(worldLayout(worldDirectory()).gatewayState, "ssm"), world.accountId);
    await nodes.register({
        instanceId,
        computerName: "localhost",
        tags,
        roleArn,
        environment: host.environment,
        agentVersion: currentAgentVersion,
        pingStatus: "Online",
    });
}

/** Creates the secret with the application's settings, with a random password, unless there is one. */
export async function ensureApplicationSecret(world: World, name: string): Promise<void> {
    const client = new SecretsManagerClient(administratorSettings(world));
    const password = randomBytes(18).toString("base64url");
    const settings = { DATABASE_PASSWORD: password, MYSQL_PASSWORD: password };
    try {
        await client.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(settings) }));
    } catch (error) {
        if (!(error instanceof ResourceExistsException)) throw error;
    } finally {
        client.destroy();
    }
}
