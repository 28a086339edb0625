import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import * as empty from "google-protobuf/google/protobuf/empty_pb";
import * as struct from "google-protobuf/google/protobuf/struct_pb";
import * as service from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { resourceTypes } from "../../../local/aws/provider/resourceTypes";
import { computedOutputs } from "../../../local/mocks/mockOutputs";
import { listen, type ServedProvider } from "./servedProvider";

type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;
type Callback = grpc.sendUnaryData<unknown>;
type Values = Record<string, unknown>;

/** Methods that pass to the provider of the offline world whatever type they are about. */
const passed = [
    "cancel",
    "checkConfig",
    "configure",
    "diffConfig",
    "getPluginInfo",
    "invoke",
    "read",
    "update",
] as const;

/**
 * Serves an `aws` provider for resources of every type. The provider of the offline world answers for the types that it has. The others
 * (ECS, Lambda, security groups, identity providers) have the strictest rule there is: any changed input replaces the resource. They are
 * created in no account; their outputs are the mocked ones.
 *
 * @param awsProviderPort port of the offline world's provider
 */
export async function serveWideProvider(awsProviderPort: number): Promise<ServedProvider> {
    const world = new service.ResourceProviderClient(
        `127.0.0.1:${awsProviderPort}`,
        grpc.credentials.createInsecure(),
    ) as unknown as Record<string, (request: unknown, callback: Callback) => void>;
    const pass = (method: string) => (call: Call<unknown>, callback: Callback) =>
        world[method]!(call.request, callback);

    /** Answers for types that the world lacks, and passes all others on. */
    function forMissing<Request extends { getUrn(): string }>(method: string, answer: (request: Request) => unknown) {
        return (call: Call<Request>, callback: Callback) =>
            typeOf(call.request) in resourceTypes ? pass(method)(call, callback) : callback(null, answer(call.request));
    }

    const server = new grpc.Server();
    server.addService(service.ResourceProviderService, {
        ...Object.fromEntries(passed.map((method) => [method, pass(method)])),
        attach: pass("attach"),
        check: forMissing("check", (request: rpc.CheckRequest) => new rpc.CheckResponse().setInputs(request.getNews())),
        diff: forMissing("diff", diffOf),
        create: forMissing("create", (request: rpc.CreateRequest) =>
            new rpc.CreateResponse().setId(nameOf(request)).setProperties(outputsOf(request)),
        ),
        delete: forMissing("delete", () => new empty.Empty()),
    });
    return listen(server);
}

/** Compares inputs; each that differs replaces the resource. */
function diffOf(request: rpc.DiffRequest): rpc.DiffResponse {
    const [olds, news] = [toValues(request.getOldInputs()), toValues(request.getNews())];
    const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
    const changed = names.filter((name) => !isDeepStrictEqual(olds[name], news[name]));
    const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
    return new rpc.DiffResponse()
        .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
        .setDiffsList(changed)
        .setReplacesList(changed);
}

function outputsOf(request: rpc.CreateRequest): struct.Struct {
    const inputs = toValues(request.getProperties());
    const computed = request.getPreview() ? {} : computedOutputs[typeOf(request)]?.(inputs, nameOf(request));
    return struct.Struct.fromJavaScript({ ...inputs, ...computed } as Record<string, struct.JavaScriptValue>);
}

function toValues(properties: struct.Struct | undefined): Values {
    return properties?.toJavaScript() ?? {};
}

/** Reads the type from a URN, whose third part lists the types of a resource and its parents. */
function typeOf(request: { getUrn(): string }): string {
    return request.getUrn().split("::")[2]!.split("$").at(-1)!;
}

function nameOf(request: { getUrn(): string }): string {
    return request.getUrn().split("::")[3]!;
}
