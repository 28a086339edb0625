import { gatewayServices, type OperationPlace, services } from "../../ministack/services";
import type { Answer } from "../http/messages";
import { requestTarget } from "../http/requestTarget";
import { apiError } from "./apiError";
import type { ApiCall, ApiRequest } from "./apiRequest";
import { header, isForm, serviceOfTarget } from "./identify";

/** Headers that name the caller or the operation. */
const singleHeaders = ["authorization", "content-type", "x-amz-target"];

/** Parameters of signatures in URLs, in lower case (Signature Version 4 and 2). */
const signatureParameters = new Set([
    "awsaccesskeyid",
    "signature",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-signature",
]);

/** Checks, by place, that a request names its operation there only; the emulator could read another place as another operation. */
const places: Record<OperationPlace, { isKept: (request: ApiRequest, call: ApiCall) => boolean; sentence: string }> = {
    target: {
        isKept: (request, { service, members }) =>
            request.method === "POST" &&
            request.url === "/" &&
            serviceOfTarget(header(request, "x-amz-target")) === service &&
            !isForm(request) &&
            valuesOf(request, "content-encoding").length === 0 &&
            (Object.keys(members).length > 0 || /^\s*(\{\s*\})?\s*$/.test(request.body.toString())),
        sentence: "its calls are JSON objects in a POST to /, and the header X-Amz-Target alone names the operation",
    },
    action: {
        isKept: (request, { parameters }) => {
            const { path, query } = requestTarget(request.url);
            const hasOnePlace = isForm(request) ? request.method === "POST" && query.size === 0 : !hasBody(request);
            const isPlain = valuesOf(request, "content-encoding").length === 0;
            const names = new Set(parameters.keys());
            return path === "/" && hasOnePlace && isPlain && names.has("Action") && names.size === parameters.size;
        },
        sentence: "its calls have each parameter once, all in a form or all in the URL, and one of them is Action",
    },
    path: {
        isKept: (request) =>
            valuesOf(request, "x-amz-target").length === 0 &&
            !requestTarget(request.url).query.has("Action") &&
            !header(request, "content-type")?.includes("x-www-form-urlencoded"),
        sentence: "method and path name its operations, not X-Amz-Target, Action or a form",
    },
};

/**
 * Refuses a request with two possible meanings; no AWS client sends one. The emulator looks for the caller and for the operation in several
 * places, and does not always check them where it uses them. A signature in the URL is refused too: not every path checks it. Undefined:
 * not refused.
 */
export function refuseAmbiguous(request: ApiRequest, call: ApiCall): Answer | undefined {
    const reason = ambiguity(request, call);
    return reason === undefined ? undefined : apiError(call, 403, "AccessDenied", reason);
}

function ambiguity(request: ApiRequest, call: ApiCall): string | undefined {
    const repeated = singleHeaders.find((name) => valuesOf(request, name).length > 1);
    if (repeated !== undefined) return `The header ${repeated} is there more than once; send it once.`;
    const names = [...requestTarget(request.url).query.keys()];
    const inUrl = names.find((name) => signatureParameters.has(name.toLowerCase()));
    if (inUrl !== undefined) return `The URL has ${inUrl}; sign in the header Authorization, the only place looked at.`;
    const place = services[call.service] ?? gatewayServices[call.service];
    if (place === undefined) return `The offline world does not serve "${call.service}".`;
    const { isKept, sentence } = places[place];
    return isKept(request, call) ? undefined : `This is no call of ${call.service}: ${sentence}.`;
}

function valuesOf({ headers }: ApiRequest, name: string): string[] {
    return [headers[name] ?? []].flat();
}

function hasBody(request: ApiRequest): boolean {
    const isChunked = valuesOf(request, "transfer-encoding").length > 0;
    return isChunked || (header(request, "content-length") ?? "0") !== "0";
}
