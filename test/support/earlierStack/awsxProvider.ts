import * as grpc from "@grpc/grpc-js";
import * as empty from "google-protobuf/google/protobuf/empty_pb";
import * as struct from "google-protobuf/google/protobuf/struct_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as service from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { RegisterResourceRequest, type RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { computedOutputs } from "../../../local/mocks/mockOutputs";
import { listen, type ServedProvider } from "./servedProvider";

/** Type of the child in place of all resources of a component. */
const childType = "aws:ec2/vpc:Vpc";

/** Makes a gRPC handler from a function. */
function handler<Request>(answer: (request: Request) => unknown) {
    return ({ request }: grpc.ServerUnaryCall<Request, unknown>, callback: grpc.sendUnaryData<unknown>) => {
        Promise.resolve(answer(request)).then(
            (response) => callback(null, response),
            (error: Error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
        );
    };
}

/** Serves an `awsx` provider that creates nothing: each component has the mocked outputs, and one child that holds its inputs. */
export function serveAwsxProvider(): Promise<ServedProvider> {
    const server = new grpc.Server();
    server.addService(service.ResourceProviderService, {
        attach: handler(() => new empty.Empty()),
        cancel: handler(() => new empty.Empty()),
        getPluginInfo: handler(() => new plugin.PluginInfo().setVersion("3.9.0")),
        checkConfig: handler((request: rpc.CheckRequest) => new rpc.CheckResponse().setInputs(request.getNews())),
        diffConfig: handler(() => new rpc.DiffResponse().setChanges(rpc.DiffResponse.DiffChanges.DIFF_NONE)),
        configure: handler(() => new rpc.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
        construct: handler(construct),
    });
    return listen(server);
}

/** Registers a component and its child. */
async function construct(request: rpc.ConstructRequest): Promise<rpc.ConstructResponse> {
    const monitor = new ResourceMonitorClient(request.getMonitorendpoint(), grpc.credentials.createInsecure());
    const register = (resource: RegisterResourceRequest) =>
        new Promise<RegisterResourceResponse>((resolve, reject) =>
            monitor.registerResource(resource, (error, response) => (error ? reject(error) : resolve(response))),
        );
    try {
        const component = await register(
            new RegisterResourceRequest()
                .setType(request.getType())
                .setName(request.getName())
                .setParent(request.getParent())
                .setAliasesList(request.getAliasesList()),
        );
        await register(
            new RegisterResourceRequest()
                .setType(childType)
                .setName(request.getName())
                .setParent(component.getUrn())
                .setCustom(true)
                .setAcceptsecrets(true)
                .setObject(request.getInputs()),
        );
        const outputs = computedOutputs[request.getType()]!({}, request.getName());
        return new rpc.ConstructResponse()
            .setUrn(component.getUrn())
            .setState(struct.Struct.fromJavaScript(outputs as Record<string, struct.JavaScriptValue>));
    } finally {
        monitor.close();
    }
}
