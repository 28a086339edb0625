import { createRequire } from "node:module";
import type { ChannelOptions } from "@grpc/grpc-js";

/**
 * Gives each operation its own connections to the engine. The SDK closes no connection of a program inside this process, and gRPC shares
 * connections by address within a process. A connection to an ended engine waits before it tries again. When a later engine listens at that
 * port, the update would fail at once, `14 UNAVAILABLE: No connection established`.
 *
 * @see `disconnectSync` in @pulumi/pulumi/runtime/settings, and grpc.use_local_subchannel_pool in
 * https://github.com/grpc/grpc-node/blob/master/packages/grpc-js/README.md
 */
export function separateEngineConnections(): void {
    // The SDK's module has no types for them.
    const settings = createRequire(__filename)("@pulumi/pulumi/runtime/settings") as {
        grpcClientOptions: ChannelOptions;
    };
    settings.grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}
