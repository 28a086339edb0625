import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { lambdaAction } from "../../local/gateway/lambdaAction";

/** A request as tests want to see it. */
export interface Call {
    /** Name of the operation: `DescribeServices`. */
    operation: string;
    /** Parsed body; empty for requests without one. */
    input: Record<string, unknown>;
}

/** An error as AWS answers it. */
export class Refusal {
    constructor(
        readonly code: string,
        readonly message: string,
        readonly status = 400,
    ) {}
}

/**
 * What an operation answers instead of the emulator.
 *
 * @param input the request
 * @param count how often the operation was called before
 * @returns the answer, or nothing to pass the request on
 */
export type Script = (input: Record<string, unknown>, count: number) => object | Refusal | undefined;

/** A server between the AWS CLI and the emulator that can answer for it. */
export class ScriptedAws {
    /** Every request since the last reset, in order. */
    calls: Call[] = [];
    private scripts: Record<string, Script> = {};
    private readonly server = http.createServer((request, response) => void this.serve(request, response));

    /**
     * Decides calls of ECS in the emulator's place, which then get its answer to this access key of its administrator.
     *
     * @default - the emulator decides
     */
    ecsGuard?: {
        refuse: (operation: string, input: Record<string, unknown>) => Refusal | undefined;
        accessKeyId: string;
    };

    private constructor(private readonly upstream: URL) {}

    /** Starts one on a free port of 127.0.0.1. */
    static async start(upstream: string): Promise<ScriptedAws> {
        const scripted = new ScriptedAws(new URL(upstream));
        scripted.server.listen(0, "127.0.0.1");
        await once(scripted.server, "listening");
        return scripted;
    }

    /** Address to give to clients. */
    get origin(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** Forgets all calls, and answers for these operations from now on. */
    script(scripts: Record<string, Script> = {}): void {
        this.calls = [];
        this.scripts = scripts;
    }

    /** The inputs of all calls of an operation. */
    inputsOf(operation: string): Record<string, unknown>[] {
        return this.calls.filter((call) => call.operation === operation).map((call) => call.input);
    }

    /** Ends the server. */
    async stop(): Promise<void> {
        this.server.close();
        this.server.closeAllConnections();
        await once(this.server, "close");
    }

    private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks);
        const operation = operationOf(request);
        const input = request.headers["content-type"]?.includes("json") ? parsed(body) : {};
        const count = this.inputsOf(operation).length;
        this.calls.push({ operation, input });
        const guard = isEcs(request) ? this.ecsGuard : undefined;
        const answer = guard?.refuse(operation, input) ?? this.scripts[operation]?.(input, count);
        if (guard !== undefined) request.headers.authorization = signedBy(guard.accessKeyId, request);
        if (answer === undefined) this.passOn(request, body, response);
        else send(response, answer);
    }

    private passOn(request: http.IncomingMessage, body: Buffer, response: http.ServerResponse): void {
        const { hostname, port } = this.upstream;
        const { method, url: path, headers } = request;
        http.request({ hostname, port, method, path, headers }, (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
        })
            .once("error", (error) => response.destroy(error))
            .end(body);
    }
}

/** JSON protocols name the operation in a header, Lambda's by method and path. */
function operationOf(request: http.IncomingMessage): string {
    const target = request.headers["x-amz-target"];
    if (typeof target === "string") return target.split(".")[1] ?? target;
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    return lambdaAction(request.method ?? "GET", pathname) ?? "unknown";
}

function isEcs(request: http.IncomingMessage): boolean {
    return String(request.headers["x-amz-target"]).startsWith("AmazonEC2ContainerService");
}

/** The emulator takes its administrator's word for the rest of a signature. */
function signedBy(accessKeyId: string, { headers }: http.IncomingMessage): string {
    return (headers.authorization ?? "").replace(/Credential=[^/]+/, `Credential=${accessKeyId}`);
}

function parsed(body: Buffer): Record<string, unknown> {
    return body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);
}

function send(response: http.ServerResponse, answer: object): void {
    if (answer instanceof Refusal) {
        response.writeHead(answer.status, {
            "content-type": "application/x-amz-json-1.1",
            "x-amzn-errortype": answer.code,
        });
        response.end(JSON.stringify({ __type: answer.code, message: answer.message }));
        return;
    }
    const { headers = {}, ...body } = answer as { headers?: Record<string, string> };
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1", ...headers });
    response.end(JSON.stringify(body));
}
