import { once } from "node:events";
import * as net from "node:net";
import * as grpc from "@grpc/grpc-js";
import * as any from "google-protobuf/google/protobuf/any_pb";
import * as empty from "google-protobuf/google/protobuf/empty_pb";
import * as struct from "google-protobuf/google/protobuf/struct_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as service from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import * as status from "@pulumi/pulumi/proto/status_pb";
import type { Properties } from "./fields";
import { isOwnConnection } from "./ownConnection";
import { type AwsProvider, UnfinishedResource } from "./provider";
import { providerConfigurationProblem } from "./providerConfiguration";
import type { InputChange } from "./resourceState";

/** Version of pulumi-aws that is emulated. */
const emulatedVersion = "7.48.0";

type Answer<Response> = Response | Promise<Response>;
type UnaryHandler<Request, Response> = (
    call: grpc.ServerUnaryCall<Request, Response>,
    callback: grpc.sendUnaryData<Response>,
) => void;

/** Makes a gRPC handler from a function; its error becomes the error that the engine shows. */
function handler<Request, Response>(answer: (request: Request) => Answer<Response>): UnaryHandler<Request, Response> {
    return (call, callback) => {
        Promise.resolve()
            .then(() => answer(call.request))
            .then(
                (response) => callback(null, response),
                (error: unknown) => callback(statusOf(error)),
            );
    };
}

function statusOf(error: unknown): Partial<grpc.StatusObject> {
    if (error instanceof UnfinishedResource) return unfinishedResourceStatus(error);
    const details = error instanceof Error ? error.message : String(error);
    return { code: grpc.status.UNKNOWN, details };
}

/**
 * Makes the gRPC status that tells the engine that a resource exists although its creation failed. The details travel as
 * `google.rpc.Status` in the metadata `grpc-status-details-bin`.
 */
function unfinishedResourceStatus(error: UnfinishedResource): Partial<grpc.StatusObject> {
    const detail = new rpc.ErrorResourceInitFailed()
        .setId(error.id)
        .setProperties(toStruct(error.outputs))
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

function toProperties(value: struct.Struct | undefined): Properties {
    return value?.toJavaScript() ?? {};
}

function toStruct(properties: Properties): struct.Struct {
    return struct.Struct.fromJavaScript(properties as Record<string, struct.JavaScriptValue>);
}

function seedOf(request: rpc.CheckRequest): Uint8Array {
    return request.getRandomseed_asU8();
}

const changeKinds: Record<InputChange["kind"], readonly [inPlace: number, replacing: number]> = {
    add: [rpc.PropertyDiff.Kind.ADD, rpc.PropertyDiff.Kind.ADD_REPLACE],
    delete: [rpc.PropertyDiff.Kind.DELETE, rpc.PropertyDiff.Kind.DELETE_REPLACE],
    update: [rpc.PropertyDiff.Kind.UPDATE, rpc.PropertyDiff.Kind.UPDATE_REPLACE],
};

function diffResponse({ changes, deleteBeforeReplace }: ReturnType<AwsProvider["diff"]>): rpc.DiffResponse {
    const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
    const response = new rpc.DiffResponse()
        .setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE)
        .setDiffsList([...changes.keys()])
        .setReplacesList([...changes].filter(([, change]) => change.replace).map(([name]) => name))
        .setDeletebeforereplace(deleteBeforeReplace)
        .setHasdetaileddiff(true);
    for (const [name, { kind, replace }] of changes) {
        const detail = new rpc.PropertyDiff().setKind(changeKinds[kind][replace ? 1 : 0]);
        response.getDetaileddiffMap().set(name, detail);
    }
    return response;
}

function implementation(provider: AwsProvider, region: string): grpc.UntypedServiceImplementation {
    return {
        attach: handler(() => new empty.Empty()),
        cancel: handler(() => new empty.Empty()),
        getPluginInfo: handler(() => new plugin.PluginInfo().setVersion(emulatedVersion)),
        checkConfig: handler((request: rpc.CheckRequest) => {
            const problem = providerConfigurationProblem(toProperties(request.getNews()), region);
            const failures = problem === undefined ? [] : [new rpc.CheckFailure().setReason(problem)];
            return new rpc.CheckResponse().setInputs(request.getNews()).setFailuresList(failures);
        }),
        diffConfig: handler(() => new rpc.DiffResponse().setChanges(rpc.DiffResponse.DiffChanges.DIFF_NONE)),
        // Without acceptSecrets the engine hands over plain values and marks the same properties as secret again.
        configure: handler(() => new rpc.ConfigureResponse().setSupportspreview(true)),
        check: handler((request: rpc.CheckRequest) => {
            const [news, olds] = [toProperties(request.getNews()), toProperties(request.getOlds())];
            const checked = provider.check(request.getType(), request.getName(), seedOf(request), news, olds);
            const failures = checked.problems.map(({ property, reason }) =>
                new rpc.CheckFailure().setProperty(property).setReason(reason),
            );
            return new rpc.CheckResponse().setInputs(toStruct(checked.inputs)).setFailuresList(failures);
        }),
        diff: handler((request: rpc.DiffRequest) =>
            diffResponse(
                provider.diff(request.getType(), toProperties(request.getOlds()), toProperties(request.getNews())),
            ),
        ),
        create: handler(async (request: rpc.CreateRequest) => {
            const inputs = toProperties(request.getProperties());
            const { id, outputs } = await provider.create(request.getType(), inputs, request.getPreview());
            return new rpc.CreateResponse().setId(id).setProperties(toStruct(outputs));
        }),
        read: handler(async (request: rpc.ReadRequest) => {
            const inputs = request.hasInputs() ? toProperties(request.getInputs()) : undefined;
            const state = toProperties(request.getProperties());
            const found = await provider.read(request.getType(), request.getId(), state, inputs);
            if (found === undefined) return new rpc.ReadResponse();
            return new rpc.ReadResponse()
                .setId(request.getId())
                .setProperties(toStruct(found.outputs))
                .setInputs(toStruct(found.inputs));
        }),
        update: handler(async (request: rpc.UpdateRequest) => {
            const [olds, news] = [toProperties(request.getOlds()), toProperties(request.getNews())];
            const outputs = await provider.update(request.getType(), request.getId(), olds, news, request.getPreview());
            return new rpc.UpdateResponse().setProperties(toStruct(outputs));
        }),
        delete: handler(async (request: rpc.DeleteRequest) => {
            await provider.delete(request.getType(), request.getId(), toProperties(request.getProperties()));
            return new empty.Empty();
        }),
        invoke: handler(async (request: rpc.InvokeRequest) => {
            const outputs = await provider.invoke(request.getTok(), toProperties(request.getArgs()));
            return new rpc.InvokeResponse().setReturn(toStruct(outputs));
        }),
    };
}

/**
 * Serves the provider to Pulumi engines of this user that attach to it. An engine attaches by a port of 127.0.0.1 and sends no token
 * (sdk/go/common/resource/plugin/plugin.go, dialPlugin), so each connection is checked instead.
 *
 * This server implements Pulumi's provider protocol directly. `pulumi.provider.main` (3.248) knows no previews, so each update would leave
 * all outputs unknown. It also gives no inputs at a refresh and no seed for physical names.
 *
 * @param region the one Region that provider configurations may name
 * @returns the port on 127.0.0.1, and a function that stops the server
 */
export async function serve(provider: AwsProvider, region: string): Promise<{ port: number; stop(): void }> {
    // Property bags have no size limit of their own; the engine uses the same figure (sdk/go/common/util/rpcutil).
    const unlimited = 400 * 1024 * 1024;
    const server = new grpc.Server({
        "grpc.max_receive_message_length": unlimited,
        "grpc.max_send_message_length": unlimited,
    });
    server.addService(service.ResourceProviderService, implementation(provider, region));
    const connections = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
    const listener = net.createServer((connection) => {
        if (isOwnConnection(connection)) connections.injectConnection(connection);
        else connection.destroy();
    });
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    const stop = () => {
        listener.close();
        server.forceShutdown();
    };
    return { port: (listener.address() as net.AddressInfo).port, stop };
}
