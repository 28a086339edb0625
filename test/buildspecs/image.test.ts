import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { SignatureV4 } from "@smithy/signature-v4";
import { parse } from "yaml";
import { projectRoot } from "../../local/paths";
import { temporaryFolder } from "../infra/temporaryFolder";

const credentials = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "session/+=" };

/** SHA-256 or, with a secret, its HMAC, as the signer wants it. */
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

/** The script between the marks of the buildspec's first command. */
function downloadScript(): string {
    const text = fs.readFileSync(path.join(projectRoot, "buildspecs/image.yml"), "utf8");
    const { phases } = parse(text) as { phases: { pre_build: { commands: string[] } } };
    return /<<'END'[^\n]*\n(.*?)\nEND\n/s.exec(phases.pre_build.commands[0]!)![1]!;
}

describe("buildspecs/image.yml fetches the build tools", () => {
    const folder = temporaryFolder();
    let server: http.Server;
    let seen: http.IncomingMessage[];
    let status: number;

    beforeEach(async () => {
        seen = [];
        status = 200;
        server = http.createServer((request, response) => {
            if (request.url === "/credentials") {
                const { accessKeyId, secretAccessKey, sessionToken } = credentials;
                const isAllowed = request.headers.authorization === "container token";
                response.writeHead(isAllowed ? 200 : 401);
                response.end(
                    JSON.stringify({
                        AccessKeyId: accessKeyId,
                        SecretAccessKey: secretAccessKey,
                        Token: sessionToken,
                    }),
                );
                return;
            }
            seen.push(request);
            response.writeHead(status);
            response.end("the tools");
        });
        await once(server.listen(0, "127.0.0.1"), "listening");
    });

    afterEach(async () => {
        server.close();
        server.closeAllConnections();
        await once(server, "close");
    });

    async function download(): Promise<{ code: number; file: string; host: string }> {
        const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
        const file = path.join(folder.path, "tools.js");
        const child = spawn(process.execPath, ["-", file], {
            env: {
                AWS_REGION: "eu-central-1",
                AWS_ENDPOINT_URL: `http://${host}`,
                AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://${host}/credentials`,
                AWS_CONTAINER_AUTHORIZATION_TOKEN: "container token",
                BUILD_TOOLS_BUCKET: "shop-cache",
                BUILD_TOOLS_KEY: "build-tools/0123.js",
            },
            stdio: ["pipe", "inherit", "inherit"],
        });
        child.stdin.end(downloadScript());
        const [code] = (await once(child, "close")) as [number];
        return { code, file, host };
    }

    it("with the signature that AWS's SDK would give", async () => {
        const { code, file, host } = await download();
        assert.equal(code, 0);
        assert.equal(fs.readFileSync(file, "utf8"), "the tools");
        const [request] = seen;
        const { headers } = request!;
        const time = String(headers["x-amz-date"]);
        const signer = new SignatureV4({
            credentials,
            region: "eu-central-1",
            service: "s3",
            sha256: Sha256,
            uriEscapePath: false,
        });
        const signed = await signer.sign(
            {
                method: "GET",
                protocol: "http:",
                hostname: "127.0.0.1",
                path: "/shop-cache/build-tools/0123.js",
                headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
            },
            { signingDate: new Date(time.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z")) },
        );
        assert.equal(headers.authorization, signed.headers.authorization);
        assert.equal(headers["x-amz-security-token"], credentials.sessionToken);
    });

    it("or leaves it to the AWS CLI, without half a file, where S3 refuses", async () => {
        status = 403;
        const { code, file } = await download();
        assert.deepEqual([code, fs.existsSync(file)], [1, false]);
    });
});
