import { createRequire } from "node:module";
import type { ChannelOptions } from "@grpc/grpc-js";

/** What this needs of the SDK's module, which has no types for it. */
interface EngineSettings {
    grpcClientOptions: ChannelOptions;
}

/**
 * Lets each operation have connections of its own to the engine. The SDK closes none of those of a program that runs inside this
 * process, gRPC shares connections by address within a process, and one to an engine that has ended is waiting before it tries
 * again: when a later engine listens at that port, the update would fail at once, `14 UNAVAILABLE: No connection established`.
 *
 * @see `disconnectSync` in @pulumi/pulumi/runtime/settings, and grpc.use_local_subchannel_pool in
 * https://github.com/grpc/grpc-node/blob/master/packages/grpc-js/README.md
 */
export function separateEngineConnections(): void {
    const settings = createRequire(__filename)("@pulumi/pulumi/runtime/settings") as EngineSettings;
    settings.grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}
