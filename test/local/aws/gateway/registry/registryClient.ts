import { createHash } from "node:crypto";

/** Media type of the manifests that the tests push. */
export const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** Computes the digest of content as registries write it. */
export function digestOf(content: Buffer | string): string {
    return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** Renders a small manifest that differs by its name. */
export function manifest(name: string): string {
    return JSON.stringify({ schemaVersion: 2, mediaType: manifestType, annotations: { name } });
}

/** Client of the registry protocol with one token. */
export class RegistryClient {
    constructor(
        private readonly origin: string,
        private readonly token: string | undefined,
    ) {}

    /** Sends a request below /v2/. */
    request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
        const authorization: Record<string, string> = this.token ? { authorization: `Basic ${this.token}` } : {};
        const headers = { ...authorization, ...(init.headers as Record<string, string> | undefined) };
        return fetch(new URL(`/v2/${path}`, this.origin), { ...init, method, headers, redirect: "manual" });
    }

    /** Pushes a manifest by tag or digest. */
    putManifest(repository: string, reference: string, body: string): Promise<Response> {
        return this.request("PUT", `${repository}/manifests/${reference}`, {
            body,
            headers: { "content-type": manifestType },
        });
    }

    /** Pushes a blob the way BuildKit does: start, one chunk, completion. Returns the three statuses. */
    async pushBlob(repository: string, content: Buffer): Promise<number[]> {
        const started = await this.request("POST", `${repository}/blobs/uploads/`);
        const location = (response: Response) => (response.headers.get("location") ?? "").replace(/^\/v2\//, "");
        const sent = await this.request("PATCH", location(started), {
            body: content,
            headers: { "content-type": "application/octet-stream" },
        });
        const completed = await this.request("PUT", `${location(sent)}?digest=${digestOf(content)}`);
        return [started.status, sent.status, completed.status];
    }
}

/** Reads the errors of a registry answer. */
export async function errorsOf(response: Response): Promise<{ code: string; message: string }[]> {
    return ((await response.json()) as { errors: { code: string; message: string }[] }).errors;
}
