import type * as http from "node:http";
import { pipeline } from "node:stream";
import { MeteredStream } from "../http/shaping";
import type { RegistryContext } from "./registryContext";
import type { RegistryLogEntry } from "./registryLogEntry";
import type { RegistryRoute } from "./registryRoute";
import { repositoryArn } from "./repositoryArn";
import type { TokenCheck } from "./tokens";

/** Registry request with its answer: counts the bytes both ways and writes the access log exactly once. */
export class RegistryExchange {
    /** Whether the connection ends in the middle of the answer, on a test's request. */
    isTruncated = false;
    private readonly up: MeteredStream;
    private bytesDown = () => 0;
    private logged = false;

    constructor(
        readonly request: http.IncomingMessage,
        readonly response: http.ServerResponse,
        private readonly context: RegistryContext,
        readonly route: RegistryRoute | undefined,
        private readonly token: TokenCheck,
    ) {
        this.up = new MeteredStream(context.link, "up");
        response.once("close", () => this.log(response.statusCode));
    }

    /** Reads the request's body at the speed of the line; a client that leaves ends it with an error. */
    upload(): MeteredStream {
        // The error reaches whoever reads the returned stream, so there is nothing to do with it here.
        return pipeline(this.request, this.up, () => undefined);
    }

    /** Makes the stream for the answer's body; the log is written before its end is passed on. */
    download(status: number): MeteredStream {
        const down = new MeteredStream(this.context.link, "down", () => this.log(status));
        this.bytesDown = () => down.bytes;
        return down;
    }

    /** Answers with an error of the registry protocol. @param code error code such as DENIED */
    refuse(status: number, code: string, message: string, headers: Record<string, string> = {}): void {
        const body = Buffer.from(JSON.stringify({ errors: [{ code, message }] }));
        this.end(
            status,
            [
                ...Object.entries({ ...headers, "Content-Type": "application/json" }).flat(),
                "Docker-Distribution-API-Version",
                "registry/2.0",
                "Content-Length",
                String(body.length),
            ],
            body,
        );
    }

    /** Answers with a whole body. @param rawHeaders names and values in turn */
    end(status: number, rawHeaders: string[], body: Buffer): void {
        this.bytesDown = () => (this.request.method === "HEAD" ? 0 : body.length);
        this.log(status);
        this.response.writeHead(status, rawHeaders);
        this.response.end(body);
    }

    /**
     * Tells whether the request downloads a layer. Clients built on containerd ask for a blob by its media type, which differs for layers
     * and configurations.
     */
    private isLayerDownload(): boolean {
        const { method, headers } = this.request;
        return method === "GET" && this.route?.kind === "blob" && /\.layer\.|rootfs\.diff/.test(headers.accept ?? "");
    }

    private log(status: number): void {
        if (this.logged) return;
        this.logged = true;
        const { context, route, token } = this;
        const known = token.state === "valid" ? token : undefined;
        const bytes = { down: this.bytesDown(), up: this.up.bytes };
        const repository = route?.repository ?? "";
        if (known && repository !== "") context.traffic.add(known.id, repository, bytes);
        if (status === 200 && this.isLayerDownload()) context.traffic.addLayer();
        const entry: RegistryLogEntry = {
            time: new Date().toISOString(),
            principal: known?.principal.arn ?? "anonymous",
            action: route?.actions[0] ?? null,
            resource: repository === "" ? "*" : repositoryArn(context, repository),
            allowed: status !== 401 && status !== 403,
            status,
            method: this.request.method ?? "GET",
            repository,
            kind: route?.kind ?? null,
            token: known?.id ?? null,
            bytesDown: bytes.down,
            bytesUp: bytes.up,
        };
        context.accessLog.append(entry);
    }
}
