import { requestTarget, type RequestTarget } from "../http/requestTarget";
import type { ApiCall, ApiProtocol, ApiRequest } from "./apiRequest";
import { lambdaAction } from "./lambdaAction";
import { resourceArns } from "./resourceArn";
import { s3Action } from "./s3Action";

/** Patterns of X-Amz-Target, for requests whose credential scope does not name the service. */
const targetServices: [pattern: RegExp, service: string][] = [
    [/^AmazonEC2ContainerRegistry_V20150921$/, "ecr"],
    [/^AmazonEC2ContainerServiceV20141113$/, "ecs"],
    [/^AmazonSSM$/, "ssm"],
    [/^CodeBuild_20161006$/, "codebuild"],
    [/^CodePipeline_20150709$/, "codepipeline"],
    // The AWS CLI sends the whole name, the SDK for JavaScript its end.
    [/^(com\.amazonaws\.codestar\.connections\.)?CodeStar_connections_20191201$/, "codestar-connections"],
    [/^Logs_20140328$/, "logs"],
    [/^secretsmanager$/, "secretsmanager"],
    [/^TrentService$/, "kms"],
];

/** Operations whose IAM action has another name (service authorization reference). */
const renamedActions: Partial<Record<string, string>> = {
    "lambda:Invoke": "lambda:InvokeFunction",
};

/** Identifies the API call of an HTTP request. @param defaultRegion region of requests that name none */
export function identify(request: ApiRequest, defaultRegion: string): ApiCall {
    const target = requestTarget(request.url);
    const { accessKeyId, region, service: scopeService } = signature(request);
    const operationTarget = header(request, "x-amz-target");
    const parameters = isForm(request) ? new URLSearchParams(request.body.toString()) : target.query;
    const protocol: ApiProtocol = operationTarget !== undefined ? "json" : parameters.has("Action") ? "query" : "s3";
    const service = scopeService ?? serviceOfTarget(operationTarget) ?? (parameters.has("Action") ? "sts" : "s3");
    const call: ApiCall = {
        accessKeyId,
        service,
        action: null,
        resources: [],
        region: region ?? defaultRegion,
        protocol: protocol === "s3" && service !== "s3" ? "json" : protocol,
        parameters: protocol === "query" ? parameters : new URLSearchParams(),
        members: protocol === "json" ? jsonObject(request.body) : {},
    };
    const operation = operationName(request, target, call);
    if (operation !== undefined) {
        const action = `${service}:${operation}`;
        call.action = renamedActions[action] ?? action;
    }
    call.resources = resourceArns(call, request.method, target);
    return call;
}

function operationName(request: ApiRequest, target: RequestTarget, call: ApiCall): string | undefined {
    const operationTarget = header(request, "x-amz-target");
    if (operationTarget !== undefined) return operationTarget.split(".").pop();
    const action = call.parameters.get("Action");
    if (action !== null) return action;
    if (call.service === "s3") return s3Action(request.method, target);
    if (call.service === "lambda") return lambdaAction(request.method, target.path);
    return undefined;
}

/** Finds the service that a header X-Amz-Target names; undefined for an unknown one. */
export function serviceOfTarget(target: string | undefined): string | undefined {
    // The operation comes after the last dot.
    const prefix = /^(.*)\.[^.]*$/.exec(target ?? "")?.[1] ?? "";
    return targetServices.find(([pattern]) => pattern.test(prefix))?.[1];
}

/** Tells whether a request's body is a form, which holds the parameters of the query protocol. */
export function isForm(request: Pick<ApiRequest, "headers">): boolean {
    return header(request, "content-type")?.startsWith("application/x-www-form-urlencoded") ?? false;
}

interface Signature {
    accessKeyId?: string;
    region?: string;
    service?: string;
}

/** Reads the signer of a request from its header Authorization, the only place where the gateway takes a signature. */
function signature(request: ApiRequest): Signature {
    const authorization = header(request, "authorization") ?? "";
    if (!authorization.startsWith("AWS4-HMAC-SHA256 ")) return {};
    return scope(/Credential=([^,\s]+)/.exec(authorization)?.[1]);
}

function scope(credential: string | undefined): Signature {
    const [accessKeyId, , region, service] = (credential ?? "").split("/");
    return { accessKeyId: accessKeyId || undefined, region, service };
}

/** Reads the first value of a header. @param name name in lower case */
export function header(request: Pick<ApiRequest, "headers">, name: string): string | undefined {
    const value = request.headers[name];
    return Array.isArray(value) ? value[0] : value;
}

/** Parses a body; one that is no JSON object identifies nothing. */
function jsonObject(body: Buffer): Record<string, unknown> {
    try {
        const value: unknown = JSON.parse(body.toString());
        return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
    } catch {
        return {};
    }
}
