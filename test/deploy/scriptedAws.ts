import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { lambdaAction } from "../../local/aws/gateway/call/lambdaAction";
import { signAgain } from "../support/signRequest";

/** Request in the form that tests read. */
export interface Call {
    /** Prefix of the request's actions: `ecs`. */
    service: string;
    /** Name of the operation: `DescribeServices`; of S3's, only reading and writing objects is known. */
    operation: string;
    /** Path and query of the request; `/` except for Lambda and S3. */
    path: string;
    /** Parsed body, of an object its `text`; empty for requests without one. */
    input: Record<string, unknown>;
}

/** Error as AWS answers it. */
export class Refusal {
    constructor(
        readonly code: string,
        readonly message: string,
        readonly status = 400,
    ) {}
}

/**
 * Function that answers an operation in place of the emulator.
 *
 * @param input the request
 * @param count number of earlier calls of the operation
 * @returns the answer, a text for an object of S3, or nothing to forward the request
 */
export type Script = (input: Record<string, unknown>, count: number) => object | string | Refusal | undefined;

/** Server between the AWS CLI and the emulator that can answer in its place. */
export class ScriptedAws {
    /** Requests since the last reset, in order. */
    calls: Call[] = [];
    private scripts: Record<string, Script> = {};
    private readonly server = http.createServer((request, response) => void this.serve(request, response));

    /**
     * Decision on calls of ECS and Lambda in place of the emulator, which then answers as to its administrator.
     *
     * @default - the emulator decides
     */
    guard?: {
        refuse: (call: Call) => Refusal | undefined;
        administrator: { accessKeyId: string; secretAccessKey: string };
    };

    private constructor(private readonly upstream: URL) {}

    /** Starts a server on a free port of 127.0.0.1. */
    static async start(upstream: string): Promise<ScriptedAws> {
        const scripted = new ScriptedAws(new URL(upstream));
        scripted.server.listen(0, "127.0.0.1");
        await once(scripted.server, "listening");
        return scripted;
    }

    /** Address for clients. */
    get origin(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** Forgets all calls, and answers these operations from now on. */
    script(scripts: Record<string, Script> = {}): void {
        this.calls = [];
        this.scripts = scripts;
    }

    /** Lists the inputs of all calls of an operation. */
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
        const call = callOf(request, body);
        const count = this.inputsOf(call.operation).length;
        this.calls.push(call);
        const guard = ["ecs", "lambda"].includes(call.service) ? this.guard : undefined;
        const answer = guard?.refuse(call) ?? this.scripts[call.operation]?.(call.input, count);
        if (answer !== undefined) return (call.service === "s3" ? sendObject : send)(response, answer);
        const headers = guard === undefined ? request.headers : await signAgain(request, body, guard.administrator);
        this.passOn(request, headers, body, response);
    }

    private passOn(
        { method, url: path }: http.IncomingMessage,
        headers: http.OutgoingHttpHeaders,
        body: Buffer,
        response: http.ServerResponse,
    ): void {
        const { hostname, port } = this.upstream;
        http.request({ hostname, port, method, path, headers }, (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
        })
            .once("error", (error) => response.destroy(error))
            .end(body);
    }
}

/**
 * Reads the call of a request. JSON protocols name the operation in a header, Lambda's and S3's by method and path; the signature names the
 * service.
 */
function callOf(request: http.IncomingMessage, body: Buffer): Call {
    const service = /Credential=(?:[^/]+\/){3}([^/]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (service === "s3") {
        const operation = request.method === "PUT" ? "PutObject" : "GetObject";
        return { service, operation, path: request.url ?? "/", input: { text: body.toString() } };
    }
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const target = request.headers["x-amz-target"]?.toString().split(".")[1];
    const isJson = request.headers["content-type"]?.includes("json") ?? target === undefined;
    return {
        service,
        operation: target ?? lambdaAction(request.method ?? "GET", pathname) ?? "unknown",
        path: request.url ?? "/",
        input: isJson && body.length > 0 ? (JSON.parse(body.toString()) as Record<string, unknown>) : {},
    };
}

/** Sends the answer about an object. @param answer text of the object, or a refusal; anything else says that an object was written */
function sendObject(response: http.ServerResponse, answer: object | string): void {
    if (answer instanceof Refusal) {
        const { status, code, message } = answer;
        response.writeHead(status, { "content-type": "application/xml" });
        response.end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
        return;
    }
    response.writeHead(200, { etag: '"1"' });
    response.end(typeof answer === "string" ? answer : "");
}

function send(response: http.ServerResponse, answer: object | string): void {
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
