import * as fs from "node:fs";
import type * as http from "node:http";
import * as path from "node:path";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { ECRClient } from "@aws-sdk/client-ecr";
import { IAMClient } from "@aws-sdk/client-iam";
import { SSMClient } from "@aws-sdk/client-ssm";
import { accountId } from "../ministack/account";
import { Serial } from "../serial";
import { openSsm } from "../ssm";
import { StateMap } from "../stateFile";
import { type ApiContext, proxyApi } from "./apiProxy";
import type { GatewayConfiguration } from "./configuration";
import { control, type ControlContext, isControlPath } from "./control";
import { refuseBrowser } from "./http/browsers";
import { ensureCertificate } from "./http/certificate";
import { listen } from "./http/listener";
import { sendJson } from "./http/messages";
import { refuseTarget, requestTarget } from "./http/requestTarget";
import { Link } from "./http/shaping";
import { emulatorHost, Upstream } from "./http/upstream";
import { AccessLog } from "./iam/accessLog";
import { Policies } from "./iam/policies";
import { Principals } from "./iam/principals";
import { RegistryAuthorization } from "./iam/registryAuthorization";
import { ServiceRoles } from "./iam/serviceRoles";
import { TaggedAuthorization } from "./iam/taggedAuthorization";
import { ensureTokenKey } from "./iam/webIdentity";
import { ImageScans } from "./registry/imageScans";
import type { RegistryContext } from "./registry/registryContext";
import { RegistryFaults } from "./registry/registryFaults";
import { proxyRegistry } from "./registry/registryProxy";
import { isRegistryRequest } from "./registry/registryRoute";
import { RepositoryBlobs } from "./registry/repositoryBlobs";
import { Tokens } from "./registry/tokens";
import { Traffic } from "./registry/traffic";
import { openPipelines } from "./openPipelines";
import { ProjectSettings } from "./services/projectSettings";

/** Values that the parts of one gateway share. */
type GatewayContext = ApiContext & RegistryContext & ControlContext;

/**
 * Starts the gateway on 127.0.0.1.
 *
 * @throws Error when the port is taken or the state folder cannot be used
 */
export async function startGateway(configuration: GatewayConfiguration) {
    const context = createContext(configuration);
    const certificate = await ensureCertificate(configuration.stateDirectory);
    const listener = await listen(configuration.port, certificate, (request, response) => {
        handle(request, response, context).catch((error: unknown) => {
            console.error(`${request.method} ${requestTarget(request.url ?? "/").path}:`, error);
            if (response.headersSent) response.destroy();
            else sendJson(response, 500, { message: "The gateway failed; its log has the error." });
        });
    });
    context.host = `127.0.0.1:${listener.port}`;
    return {
        /** Address for AWS clients, such as http://127.0.0.1:4566. */
        origin: `http://${context.host}`,
        /** Host and port for registry clients, such as 127.0.0.1:4566. */
        host: context.host,
        /** Refuses further requests and resolves when those in flight have ended, or after the given milliseconds. */
        close: async (graceMilliseconds: number) => {
            await context.pipelineRunner.close();
            await listener.close(graceMilliseconds);
            context.upstream.close();
            context.accessLog.close();
        },
    };
}

function createContext(configuration: GatewayConfiguration): GatewayContext {
    const { accessKeyId, secretAccessKey, region, stateDirectory } = configuration;
    fs.mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    fs.mkdirSync(configuration.ssmDirectory, { recursive: true, mode: 0o700 });
    const file = (name: string) => path.join(stateDirectory, name);
    const upstream = new Upstream(configuration.upstreamSocket);
    const client = {
        endpoint: `http://${emulatorHost}`,
        requestHandler: { httpAgent: upstream.agent },
        region,
        credentials: { accessKeyId, secretAccessKey },
    };
    const iam = new IAMClient(client);
    const repositories = new ECRClient(client);
    const policies = new Policies(iam, repositories);
    const pipelines = openPipelines(configuration, file("pipelines"), () => context);
    const context: GatewayContext = {
        ...pipelines,
        configuration,
        host: "",
        upstream,
        principals: new Principals(file("principals.json"), accessKeyId),
        tokenKey: ensureTokenKey(stateDirectory),
        tokens: new Tokens(file("tokens.json")),
        authorization: new RegistryAuthorization(policies),
        taggedAuthorization: new TaggedAuthorization(policies),
        ssm: openSsm(configuration.ssmDirectory, accountId),
        parameters: new SSMClient(client),
        projects: new CodeBuildClient(client),
        projectSettings: new ProjectSettings(file("project-settings.json")),
        reports: new StateMap(file("test-reports.json")),
        reportGroups: new StateMap(file("report-groups.json")),
        serviceRoles: new ServiceRoles(iam),
        mutabilities: new StateMap(file("tag-mutability.json")),
        blobs: new RepositoryBlobs(),
        tagWrites: new Serial(),
        faults: new RegistryFaults(),
        repositories,
        scans: new ImageScans(),
        link: new Link(),
        traffic: new Traffic(),
        accessLog: new AccessLog(file("access.log")),
    };
    return context;
}

async function handle(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    context: GatewayContext,
): Promise<void> {
    const refusal = refuseBrowser(request.headers);
    if (refusal !== undefined) return sendJson(response, 403, { message: refusal });
    const targetRefusal = refuseTarget(request.url ?? "/");
    if (targetRefusal !== undefined) return sendJson(response, 400, { message: targetRefusal });
    const { path: requested } = requestTarget(request.url ?? "/");
    const signed = request.headers.authorization?.startsWith("AWS4-") ?? false;
    if (isControlPath(requested)) return control(request, response, context);
    if (isRegistryRequest(requested, signed)) return proxyRegistry(request, response, context);
    return proxyApi(request, response, context);
}
