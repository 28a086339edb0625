import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import * as grpc from "@grpc/grpc-js";
import * as service from "@pulumi/pulumi/proto/language_grpc_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/language_pb";

/** Language host that Pulumi's engine attaches to by PULUMI_DEBUG_LANGUAGES=nodejs:port. */
export interface LanguageHost {
    /** Port of the host on 127.0.0.1. */
    port: number;
    /** Output of each program that the host ran, in the order in which they ended. */
    outputs: string[];
    stop(): void;
}

/** Exit code of a program that has reported its failure to the engine itself (@pulumi/pulumi/cmd/run). */
const errorWasLogged = 32;

/**
 * Serves the language protocol for `nodejs` and runs programs as Pulumi's own language host does. Each runs in a process of its own, by
 * `@pulumi/pulumi/cmd/run`, with Pulumi.yaml's folder, entry point and options. Pulumi's own host is in no package registry.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go
 */
export async function serveLanguageHost(): Promise<LanguageHost> {
    const server = new grpc.Server();
    const outputs: string[] = [];
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
            runProgram(request, engine).then(
                ({ exitCode, output }) => {
                    outputs.push(output);
                    const response = new rpc.RunResponse().setBail(exitCode === errorWasLogged);
                    if (exitCode !== 0) response.setError(`The program ended with exit code ${exitCode}: ${output}`);
                    callback(null, response);
                },
                (error: Error) => callback(error),
            );
        },
    };
    server.addService(service.LanguageRuntimeService, implementation);
    const credentials = grpc.ServerCredentials.createInsecure();
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    return { port, outputs, stop: () => server.forceShutdown() };
}

type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;
type Callback<Response> = grpc.sendUnaryData<Response>;

async function runProgram(
    request: rpc.RunRequest,
    engine: string,
): Promise<{ exitCode: number | null; output: string }> {
    const info = request.getInfo()!;
    const run = require.resolve("@pulumi/pulumi/cmd/run", { paths: [info.getProgramDirectory()] });
    const child = spawn(process.execPath, [run, ...programArguments(request, engine)], {
        cwd: request.getPwd(),
        env: { ...process.env, TS_NODE_PROJECT: undefined, ...programEnvironment(request) },
        stdio: ["ignore", "pipe", "pipe"],
    });
    const [[exitCode], stdout, stderr] = await Promise.all([
        once(child, "close") as Promise<[number | null]>,
        text(child.stdout),
        text(child.stderr),
    ]);
    return { exitCode, output: stdout + stderr };
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
