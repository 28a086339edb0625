import { createHash, createHmac } from "node:crypto";
import type * as http from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";

/** Hash SHA-256 or, with a secret, its HMAC, in the signer's form. */
class Sha256 {
    private readonly hash;

    constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
        this.hash =
            secret === undefined ? createHash("sha256") : createHmac("sha256", Buffer.from(secret as Uint8Array));
    }

    update(data: Uint8Array): void {
        this.hash.update(data);
    }

    reset(): void {
        throw new Error("Each value is hashed by an object of its own.");
    }

    digest(): Promise<Uint8Array> {
        return Promise.resolve(this.hash.digest());
    }
}

/** Makes headers with which another caller repeats a signed request, in the same region to the same service. */
export async function signAgain(
    { method = "GET", url = "/", headers }: http.IncomingMessage,
    body: Buffer,
    credentials: { accessKeyId: string; secretAccessKey: string },
): Promise<Record<string, string>> {
    const [, region = "", service = ""] =
        /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)/.exec(headers.authorization ?? "") ?? [];
    const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const left = new Set(["authorization", "x-amz-date", "x-amz-security-token", "content-length", "expect"]);
    const kept = Object.entries(headers).filter(([name]) => !left.has(name));
    const signed = await signer.sign({
        method,
        protocol: "http:",
        hostname: "localhost",
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
        body,
    });
    return { ...signed.headers, "content-length": String(body.length) };
}
