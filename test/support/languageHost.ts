import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import * as grpc from "@grpc/grpc-js";
import * as service from "@pulumi/pulumi/proto/language_grpc_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/language_pb";
import { projectRoot } from "../../local/paths";

/** Language host that Pulumi's engine attaches to by PULUMI_DEBUG_LANGUAGES=nodejs:port. */
export interface LanguageHost {
    /** Port of the host on 127.0.0.1. */
    port: number;
    /** Output of each program that the host ran, in the order in which they ended. */
    outputs: string[];
    /** Variables of the programs that the host will run, besides those of this process. */
    environment: Record<string, string>;
    /** Ends the host and the plugins that it started. */
    stop(): void;
}

/** Exit code of a program that has reported its failure to the engine itself (@pulumi/pulumi/cmd/run). */
const errorWasLogged = 32;

/**
 * Serves the language protocol for `nodejs` and runs programs and packages as Pulumi's own language host does. Each runs in a process of its
 * own: programs by `@pulumi/pulumi/cmd/run`, with Pulumi.yaml's folder, entry point and options; packages by `run-plugin` beside it.
 * Dependencies are installed by npm. Pulumi's own host is in no package registry.
 *
 * @param directory folder where the engine is started, which relative paths of packages start from
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go
 */
export async function serveLanguageHost(directory = process.cwd()): Promise<LanguageHost> {
    const server = new grpc.Server();
    const outputs: string[] = [];
    const environment: Record<string, string> = {};
    const plugins = new Set<ChildProcess>();
    let engine = "";
    const implementation: grpc.UntypedServiceImplementation = {
        handshake: (call: Call<rpc.LanguageHandshakeRequest>, callback: Callback<rpc.LanguageHandshakeResponse>) => {
            engine = call.request.getEngineAddress();
            callback(null, new rpc.LanguageHandshakeResponse());
        },
        getPluginInfo: (_: unknown, callback: Callback<plugin.PluginInfo>) => callback(null, new plugin.PluginInfo()),
        getRequiredPackages: (_: unknown, callback: Callback<rpc.GetRequiredPackagesResponse>) =>
            callback(null, new rpc.GetRequiredPackagesResponse()),
        run: ({ request }: Call<rpc.RunRequest>, callback: Callback<rpc.RunResponse>) => {
            runProgram(request, engine, environment).then(
                ({ exitCode, output }) => {
                    outputs.push(output);
                    const response = new rpc.RunResponse().setBail(exitCode === errorWasLogged);
                    if (exitCode !== 0) response.setError(`The program ended with exit code ${exitCode}: ${output}`);
                    callback(null, response);
                },
                (error: Error) => callback(error),
            );
        },
        installDependencies: (call: Stream<rpc.InstallDependenciesRequest, rpc.InstallDependenciesResponse>) => {
            const folder = call.request.getInfo()!.getProgramDirectory();
            // The repository's own packages are installed, and other tests use them.
            if (realpathSync(folder) === projectRoot) return call.end();
            const install = spawn("npm", ["install", "--no-audit", "--no-fund"], {
                cwd: folder,
                stdio: ["ignore", "pipe", "pipe"],
            });
            forward(install, call, () => new rpc.InstallDependenciesResponse());
            install.once("close", (exitCode) => {
                if (exitCode === 0) call.end();
                else call.emit("error", new Error(`npm install ended with exit code ${exitCode}`));
            });
        },
        runPlugin: (call: Stream<rpc.RunPluginRequest, rpc.RunPluginResponse>) => {
            const plugin = startPlugin(call.request, directory);
            plugins.add(plugin);
            call.once("cancelled", () => plugin.kill());
            forward(plugin, call, () => new rpc.RunPluginResponse());
            plugin.once("close", (exitCode) => {
                plugins.delete(plugin);
                call.write(new rpc.RunPluginResponse().setExitcode(exitCode ?? 0));
                call.end();
            });
        },
    };
    server.addService(service.LanguageRuntimeService, implementation);
    const credentials = grpc.ServerCredentials.createInsecure();
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    const stop = () => {
        for (const plugin of plugins) plugin.kill();
        server.forceShutdown();
    };
    return { port, outputs, environment, stop };
}

type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;
type Stream<Request, Response> = grpc.ServerWritableStream<Request, Response>;
type Callback<Response> = grpc.sendUnaryData<Response>;

async function runProgram(
    request: rpc.RunRequest,
    engine: string,
    environment: Record<string, string>,
): Promise<{ exitCode: number | null; output: string }> {
    const info = request.getInfo()!;
    const run = require.resolve("@pulumi/pulumi/cmd/run", { paths: [info.getProgramDirectory()] });
    const child = spawn(process.execPath, [run, ...programArguments(request, engine)], {
        cwd: request.getPwd(),
        env: { ...process.env, TS_NODE_PROJECT: undefined, ...programEnvironment(request), ...environment },
        stdio: ["ignore", "pipe", "pipe"],
    });
    const [[exitCode], stdout, stderr] = await Promise.all([
        once(child, "close") as Promise<[number | null]>,
        text(child.stdout),
        text(child.stderr),
    ]);
    return { exitCode, output: stdout + stderr };
}

/** Starts a package: a folder that `run-plugin` serves to the engine until the engine cancels the call. */
function startPlugin(request: rpc.RunPluginRequest, directory: string) {
    const folder = request.getInfo()!.getProgramDirectory();
    const run = require.resolve("@pulumi/pulumi/cmd/run-plugin", { paths: [folder] });
    const variables = request.getEnvList().map((line) => {
        const end = line.indexOf("=");
        return [line.slice(0, end), line.slice(end + 1)] as const;
    });
    return spawn(process.execPath, [run, folder, ...request.getArgsList()], {
        cwd: path.resolve(directory, request.getPwd()),
        env: { ...Object.fromEntries(variables), TS_NODE_PROJECT: undefined, PULUMI_NODEJS_TYPESCRIPT: "true" },
        stdio: ["ignore", "pipe", "pipe"],
    });
}

/** Response that carries a piece of a process's output. */
interface OutputResponse {
    setStdout(value: Uint8Array): unknown;
    setStderr(value: Uint8Array): unknown;
}

/** Sends the output of a process to the engine as it comes. */
function forward<Response extends OutputResponse>(
    { stdout, stderr }: ReturnType<typeof startPlugin>,
    call: Stream<unknown, Response>,
    create: () => Response,
): void {
    const send = (set: (response: Response, data: Buffer) => void) => (data: Buffer) => {
        const response = create();
        set(response, data);
        call.write(response);
    };
    stdout.on(
        "data",
        send((response, data) => response.setStdout(data)),
    );
    stderr.on(
        "data",
        send((response, data) => response.setStderr(data)),
    );
}

function programArguments(request: rpc.RunRequest, engine: string): string[] {
    return [
        `--monitor=${request.getMonitorAddress()}`,
        `--engine=${engine}`,
        `--organization=${request.getOrganization()}`,
        `--project=${request.getProject()}`,
        `--root-directory=${request.getInfo()!.getRootDirectory()}`,
        `--stack=${request.getStack()}`,
        `--pwd=${path.resolve(request.getPwd())}`,
        `--parallel=${request.getParallel()}`,
        ...(request.getDryrun() ? ["--dry-run"] : []),
        request.getInfo()!.getEntryPoint(),
        ...request.getArgsList(),
    ];
}

/** Makes the environment of a program: the stack's configuration, and the options of `runtime` in Pulumi.yaml. */
function programEnvironment(request: rpc.RunRequest): Record<string, string> {
    const { typescript = true } = (request.getInfo()!.getOptions()?.toJavaScript() ?? {}) as { typescript?: boolean };
    return {
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(typescript),
    };
}
