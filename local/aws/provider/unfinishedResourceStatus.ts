import * as grpc from "@grpc/grpc-js";
import * as any from "google-protobuf/google/protobuf/any_pb";
import * as struct from "google-protobuf/google/protobuf/struct_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import * as status from "@pulumi/pulumi/proto/status_pb";
import type { UnfinishedResource } from "./provider";

/**
 * Makes the gRPC status that tells the engine that a resource exists although its creation failed. The details travel as
 * `google.rpc.Status` in the metadata `grpc-status-details-bin`.
 */
export function unfinishedResourceStatus(error: UnfinishedResource): Partial<grpc.StatusObject> {
    const detail = new rpc.ErrorResourceInitFailed()
        .setId(error.id)
        .setProperties(struct.Struct.fromJavaScript(error.outputs as Record<string, struct.JavaScriptValue>))
        .setReasonsList([error.message]);
    const packed = new any.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const full = new status.Status();
    full.setCode(grpc.status.UNKNOWN);
    full.setMessage(error.message);
    full.addDetails(packed);
    const metadata = new grpc.Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from(full.serializeBinary()));
    return { code: grpc.status.UNKNOWN, details: error.message, metadata };
}
