import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { type ChannelOptions, Client, credentials, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { separateEngineConnections } from "../../../../local/world/stack/engineConnections";

const { grpcClientOptions } = createRequire(__filename)("@pulumi/pulumi/runtime/settings") as {
    grpcClientOptions: ChannelOptions;
};

describe("connections to the engine", () => {
    it("of a later update are not those to an ended engine that listened at the same port", async () => {
        separateEngineConnections();
        const ended = await listen(0);
        const address = `127.0.0.1:${ended.port}`;
        ended.server.forceShutdown();
        // GIVEN a client that nobody closed, with the options of the SDK, and one of the others that share connections
        const clients = [{}, grpcClientOptions].map(
            (options) => new Client(address, credentials.createInsecure(), options),
        );
        const first = await Promise.all(clients.map(call));
        // WHEN another engine listens there
        const { server } = await listen(ended.port);
        const later = [{}, grpcClientOptions].map(
            (options) => new Client(address, credentials.createInsecure(), options),
        );
        const second = await Promise.all(later.map(call));
        // THEN it is reached, which is more than shared connections do
        assert.deepEqual(first, [status.UNAVAILABLE, status.UNAVAILABLE]);
        assert.deepEqual(second, [status.UNAVAILABLE, status.UNIMPLEMENTED]);
        [...clients, ...later].forEach((client) => client.close());
        server.forceShutdown();
    });
});

async function listen(port: number): Promise<{ server: Server; port: number }> {
    const server = new Server();
    const bound = await new Promise<number>((resolve, reject) =>
        server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, at) =>
            error === null ? resolve(at) : reject(error),
        ),
    );
    return { server, port: bound };
}

/** Reads the status of a call of a method that no engine has. */
function call(client: Client): Promise<number> {
    return new Promise((resolve) =>
        client.makeUnaryRequest(
            "/engine/Nothing",
            () => Buffer.alloc(0),
            (bytes) => bytes,
            Buffer.alloc(0),
            (error) => resolve(error?.code ?? status.OK),
        ),
    );
}
