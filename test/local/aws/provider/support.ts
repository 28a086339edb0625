import {
    type InlineProgramArgs,
    LocalWorkspace,
    PulumiCommand,
    type PulumiFn,
    type Stack,
} from "@pulumi/pulumi/automation";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as readline from "node:readline";
import { projectRoot, toolsDirectory } from "../../../../local/paths";
import type { Settings } from "../../../../local/aws/provider/settings";
import { startWorld as startGatewayWorld, type World } from "../gateway/world";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Names botocore's data folder beside the MiniStack that the tests use. */
export function apiModelsDirectory(): string {
    if (process.env.AWS_API_MODELS) return process.env.AWS_API_MODELS;
    const libraries = path.join(toolsDirectory, "python/lib");
    const python = fs.readdirSync(libraries).find((name) => name.startsWith("python3")) ?? "python3";
    return path.join(libraries, python, "site-packages/botocore/data");
}

function settingsFor({ gateway, configuration }: World): Settings {
    const { region, accessKeyId, secretAccessKey } = configuration;
    return { endpoint: gateway.origin, region, accessKeyId, secretAccessKey, apiModels: apiModelsDirectory() };
}

/** Offline AWS of a test: MiniStack behind the gateway, the provider's process, and stacks on the real engine. */
export interface TestWorld {
    settings: Settings;
    /** Port of the provider's process. */
    port: string;
    /** Makes a stack whose aws resources the provider serves; its state is a file of this world. */
    stack(name: string, program: PulumiFn): Promise<Stack>;
    /** Reads the state file of a stack from the disk. */
    state(name: string): string;
    /** Ends the processes and removes all files. */
    stop(): Promise<void>;
}

/** Program of a test's stack. */
export type Program = () => Record<string, unknown> | undefined;

/** Makes a stack whose program the test exchanges between runs. */
export async function exchangeableStack(world: TestWorld, name: string, first: Program) {
    let program = first;
    const stack = await world.stack(name, () => Promise.resolve(program()));
    const run = async (next: Program = program) => {
        program = next;
        return stack.up();
    };
    return { stack, run };
}

/** Starts MiniStack, the gateway in this process and, as a process of its own, the provider. */
export async function startWorld(): Promise<TestWorld> {
    const gatewayWorld = await startGatewayWorld();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "aws-provider-"));
    const settings = settingsFor(gatewayWorld);
    const provider = spawn("node", ["local/bootstrap.js", "local/aws/provider/main.ts"], {
        cwd: projectRoot,
        env: {
            ...process.env,
            AWS_API_MODELS: settings.apiModels,
            AWS_ENDPOINT_URL: settings.endpoint,
            AWS_REGION: settings.region,
            AWS_ACCESS_KEY_ID: settings.accessKeyId,
            AWS_SECRET_ACCESS_KEY: settings.secretAccessKey,
        },
        stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(readline.createInterface(provider.stdout), "line")) as [string];
    const command = await PulumiCommand.get({
        root: process.env.PULUMI_ROOT ?? toolsDirectory,
        skipVersionCheck: true,
    });
    return {
        settings,
        port,
        stack(name, program) {
            const project: InlineProgramArgs = { stackName: name, projectName: "aws-provider-test", program };
            return LocalWorkspace.createOrSelectStack(project, {
                pulumiCommand: command,
                workDir: fs.mkdtempSync(path.join(folder, "work-")),
                pulumiHome: path.join(folder, "home"),
                projectSettings: {
                    name: project.projectName,
                    runtime: "nodejs",
                    backend: { url: `file://${folder}` },
                },
                envVars: {
                    PULUMI_CONFIG_PASSPHRASE: "test",
                    PULUMI_DEBUG_PROVIDERS: `aws:${port}`,
                    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
                    PULUMI_SKIP_UPDATE_CHECK: "true",
                },
            });
        },
        state(name) {
            return fs.readFileSync(path.join(folder, ".pulumi/stacks/aws-provider-test", `${name}.json`), "utf8");
        },
        async stop() {
            provider.kill();
            await once(provider, "exit");
            await gatewayWorld.stop();
            fs.rmSync(folder, { recursive: true, force: true });
        },
    };
}
