import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { CredentialsProvider } from "../roleCredentials";

/** Server that gives the role's credentials to the programs of a build. */
export type CredentialsServer = Awaited<ReturnType<typeof serveCredentials>>;

/** Serves credentials on 127.0.0.1, as CodeBuild does at a link-local address, so that a long build never holds old ones. */
export async function serveCredentials(credentials: CredentialsProvider) {
    const token = randomBytes(24).toString("hex");
    const server = http.createServer((request, response) => {
        if (request.headers.authorization !== token) {
            response.writeHead(403).end();
            return;
        }
        credentials().then(
            ({ accessKeyId, secretAccessKey, sessionToken, expiration }) => {
                const body = {
                    AccessKeyId: accessKeyId,
                    SecretAccessKey: secretAccessKey,
                    Token: sessionToken,
                    Expiration: expiration.toISOString(),
                };
                response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
            },
            (error: Error) => response.writeHead(500).end(error.message),
        );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
        /** Variables by which AWS clients find the server (SDK reference guide, "Container credential provider"). */
        environment: {
            AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/credentials`,
            AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
        },
        /** Password in the variables, which logs must not show. */
        token,
        close: () =>
            new Promise<void>((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}
