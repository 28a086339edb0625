import * as fs from "node:fs/promises";
import * as path from "node:path";
import { launcher, ministackProcess } from "../../aws/ministack/ministackProcess";
import { projectRoot } from "../../paths";
import type { Report, Toolchain } from "../toolchain";
import type { Administrator } from "./administrator";
import { importedSources } from "./importedSources";
import { logFile, type ServiceName, type WorldLayout } from "./layout";
import type { Ports } from "./ports";
import { grpcSocketProbe, httpProbe, printedPortProbe, type Probe } from "./probes";
import type { ProcessIdentity } from "../../machine/processes";
import { stopService } from "./records";
import { stopDocker } from "./stopDocker";
import { clearContainerLeftovers } from "./strays";

/** Region of the emulated account. */
export const region = "us-east-1";

/** File of the BuildKit configuration that all worlds share. */
const buildkitConfiguration = path.join(__dirname, "buildkit", "buildkitd.toml");

/** Definition of a service. */
export interface ServiceDefinition {
    name: ServiceName;
    /** Executable and its arguments. */
    command: [string, ...string[]];
    /** Variables of the service besides those that all services share. */
    environment: Record<string, string>;
    /** Lists the service's own source files, absolute: a change restarts it. @default none */
    sources?: () => Promise<string[]>;
    /**
     * Process that the service depends on: when that process is replaced, the service restarts.
     *
     * @default none
     */
    dependsOn?: ProcessIdentity;
    probe: Probe;
    /** Time until the service must be healthy, in milliseconds. */
    deadline: number;
    /**
     * Prepares the start of a new process.
     *
     * @default nothing
     */
    beforeStart?: () => Promise<void>;
}

/** Tools that run as services or configure them. */
export type WorldTools = Pick<Toolchain, "ministack" | "apiModels" | "buildkitd" | "runc" | "dockerBuildx">;

/** Values that the definitions are made from. */
export interface DefinitionContext {
    toolchain: WorldTools;
    layout: WorldLayout;
    ports: Ports;
    administrator: Administrator;
    report: Report;
}

/** Makes the gateway's address, which clients use as the endpoint of every AWS service. */
export function endpointOf(ports: Ports): string {
    return `http://127.0.0.1:${ports.gateway}`;
}

/** Defines MiniStack, the AWS emulator, for one random administrator and with IAM enforced; only the gateway reaches it. */
export function ministackService(context: DefinitionContext): ServiceDefinition {
    const { toolchain, layout, administrator } = context;
    const socket = layout.ministackSocket;
    return {
        name: "ministack",
        ...ministackProcess({ executable: toolchain.ministack, socket, region, ...administrator }),
        sources: () => Promise.resolve([launcher]),
        probe: httpProbe({ socketPath: socket }, "/_ministack/health"),
        deadline: 60_000,
        beforeStart: () => forgetWorldOfEarlierEmulator(context),
    };
}

/** Defines the gateway in front of MiniStack; `ministack` is the process behind it. */
export function gatewayService(context: DefinitionContext, ministack: ProcessIdentity): ServiceDefinition {
    const { layout, ports } = context;
    return {
        name: "gateway",
        ...typeScriptProgram("gateway", "ssm"),
        environment: {
            ...keyVariables(context),
            AWS_REGION: region,
            GATEWAY_PORT: String(ports.gateway),
            GATEWAY_UPSTREAM: layout.ministackSocket,
            GATEWAY_STATE: layout.gatewayState,
        },
        dependsOn: { pid: ministack.pid, startTime: ministack.startTime },
        probe: httpProbe({ port: ports.gateway }, "/_gateway/health"),
        deadline: 60_000,
    };
}

/** Defines the `aws` provider that the Pulumi engine attaches to; the provider prints its port. */
export function awsProviderService(context: DefinitionContext): ServiceDefinition {
    return {
        name: "aws-provider",
        ...typeScriptProgram("provider"),
        environment: {
            ...keyVariables(context),
            AWS_REGION: region,
            AWS_ENDPOINT_URL: endpointOf(context.ports),
            AWS_API_MODELS: context.toolchain.apiModels,
        },
        probe: printedPortProbe(logFile(context.layout, "aws-provider")),
        deadline: 60_000,
    };
}

/** Defines BuildKit with runc, on the host's network so that build steps and pushes reach the registry on 127.0.0.1. */
export function buildkitdService({
    toolchain,
    layout,
}: Pick<DefinitionContext, "toolchain" | "layout">): ServiceDefinition {
    const flags = {
        config: buildkitConfiguration,
        root: layout.buildkitData,
        addr: `unix://${layout.buildkitSocket}`,
        "otel-socket-path": path.join(layout.run, "otel.sock"),
        "cdi-disabled": "true",
        "containerd-worker": "false",
        "oci-worker": "true",
        "oci-worker-binary": toolchain.runc,
        "oci-worker-net": "host",
        // The one that BuildKit finds on Linux by trying; named, nothing is tried, and nothing else is taken in silence.
        "oci-worker-snapshotter": "overlayfs",
        "oci-worker-gc": "true",
        // Megabytes: always kept, left free on the disk, used at most.
        "oci-worker-gc-keepstorage": "4000,4000,10000",
    };
    return {
        name: "buildkitd",
        command: [toolchain.buildkitd, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
        environment: {},
        sources: () => Promise.resolve([buildkitConfiguration]),
        probe: grpcSocketProbe(layout.buildkitSocket),
        deadline: 60_000,
        beforeStart: () => clearContainerLeftovers(layout.buildkitData),
    };
}

function keyVariables({ administrator }: DefinitionContext): Record<string, string> {
    return {
        AWS_ACCESS_KEY_ID: administrator.accessKeyId,
        AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
    };
}

/**
 * Defines a program in TypeScript. @param folder a folder of local/aws that has a main.ts
 * @param bundled folders whose main.ts it bundles when it first needs it
 */
function typeScriptProgram(folder: string, ...bundled: string[]): Pick<ServiceDefinition, "command" | "sources"> {
    const entries = [folder, ...bundled].map((one) => `local/aws/${one}/main.ts`);
    return {
        command: [process.execPath, path.join(projectRoot, "local", "bootstrap.js"), entries[0]!],
        sources: () => importedSources(entries.map((entry) => path.join(projectRoot, entry))),
    };
}

/** Removes the records of an earlier emulator. MiniStack keeps everything in memory, so they describe a world that is gone. */
async function forgetWorldOfEarlierEmulator({ layout, report }: DefinitionContext): Promise<void> {
    // The gateway would write its state once more when it ends.
    await stopService(layout, "gateway");
    await forgetContainers(layout);
    const stateFiles = await fs.readdir(layout.state).catch(() => []);
    for (const folder of [layout.state, layout.gatewayState]) {
        await fs.rm(folder, { recursive: true, force: true });
        await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    }
    if (stateFiles.length > 0) {
        report("the emulated AWS starts empty, so Pulumi's state and the containers of the earlier one were removed");
    }
}

/** Removes containers, images and volumes, and the files of releases: a database would keep passwords of secrets that are gone. */
async function forgetContainers(layout: WorldLayout): Promise<void> {
    await stopDocker(layout);
    for (const folder of [layout.dockerData, layout.instance]) await fs.rm(folder, { recursive: true, force: true });
}
