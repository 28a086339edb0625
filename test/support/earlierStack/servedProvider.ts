import type * as grpc from "@grpc/grpc-js";
import { ServerCredentials } from "@grpc/grpc-js";

/** Provider that engines attach to by PULUMI_DEBUG_PROVIDERS=name:port. */
export interface ServedProvider {
    /** Port of the provider on 127.0.0.1. */
    port: number;
    stop(): void;
}

/** Lets a server listen on a free port of 127.0.0.1. */
export async function listen(server: grpc.Server): Promise<ServedProvider> {
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        ),
    );
    return { port, stop: () => server.forceShutdown() };
}
