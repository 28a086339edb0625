import type { RequestTarget } from "../http/requestTarget";

/** Kinds of registry requests. */
export const registryKinds = ["ping", "manifest", "blob", "upload", "tags"] as const;

/** Kind of a registry request. */
export type RegistryKind = (typeof registryKinds)[number];

/** Route of a request that the registry serves. */
export interface RegistryRoute {
    /** Kind of the request. */
    kind: RegistryKind;
    /** Repository name without the host; "" for the ping. */
    repository: string;
    /** Tag, digest or upload id; "" where there is none. */
    reference: string;
    /** IAM actions that the caller needs on the repository, in the order of the checks. */
    actions: string[];
}

/** Pattern of repository names (OCI distribution specification). */
const name = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*";
const tagOrDigest = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|sha256:[a-f0-9]{64}";

const patterns: [kind: RegistryKind, path: RegExp][] = [
    ["ping", /^\/v2\/?()()$/],
    ["manifest", new RegExp(`^/v2/(${name})/manifests/(${tagOrDigest})$`)],
    ["upload", new RegExp(`^/v2/(${name})/blobs/uploads/?([^/]*)$`)],
    ["blob", new RegExp(`^/v2/(${name})/blobs/(sha256:[a-f0-9]{64})$`)],
    ["tags", new RegExp(`^/v2/(${name})/tags/list()$`)],
];

/** Segments at which the emulator ends a repository name, so a name may not contain one. */
const reservedSegments = ["manifests", "blobs", "tags"];

/**
 * IAM actions by method and kind.
 * Source: ECR user guide, "IAM permissions for pushing" and "pulling an image"; the API operations' descriptions.
 */
const actions: Record<string, string> = {
    "HEAD manifest": "ecr:BatchGetImage",
    "GET manifest": "ecr:BatchGetImage",
    "PUT manifest": "ecr:PutImage",
    "DELETE manifest": "ecr:BatchDeleteImage",
    "HEAD blob": "ecr:BatchCheckLayerAvailability",
    "GET blob": "ecr:GetDownloadUrlForLayer",
    "POST upload": "ecr:InitiateLayerUpload",
    "PATCH upload": "ecr:UploadLayerPart",
    "GET upload": "ecr:UploadLayerPart",
    "DELETE upload": "ecr:UploadLayerPart",
    "PUT upload": "ecr:CompleteLayerUpload",
    "GET tags": "ecr:ListImages",
};

/** Finds the route of a registry request; undefined for a request that ECR's registry does not serve. */
export function registryRoute(method: string, { path, query }: RequestTarget): RegistryRoute | undefined {
    for (const [kind, pattern] of patterns) {
        const [matched, repository = "", reference = ""] = pattern.exec(path) ?? [];
        if (matched === undefined) continue;
        if (repository.split("/").some((segment) => reservedSegments.includes(segment))) return undefined;
        if (kind === "ping") return { kind, repository, reference, actions: [] };
        const action = actions[`${method} ${kind}`];
        if (action === undefined) return undefined;
        const wholeUpload = method === "POST" && query.has("digest");
        const uploads = wholeUpload ? ["ecr:UploadLayerPart", "ecr:CompleteLayerUpload"] : [];
        return { kind, repository, reference, actions: [action, ...uploads] };
    }
    return undefined;
}

/**
 * Tells whether a request belongs to the registry's protocol rather than to an AWS API. A path that the emulator serves as registry,
 * without asking for credentials, always does (ministack app.py, _is_ecr_registry_path).
 *
 * @param signed whether the request is signed like an AWS API call; some of these have paths below /v2/ too
 */
export function isRegistryRequest(path: string, signed: boolean): boolean {
    const decoded = decodeURIComponent(path);
    if (["/v2", "/v2/", "/v2/_catalog"].includes(decoded)) return true;
    return decoded.startsWith("/v2/") && (!signed || /\/(blobs|manifests)\/|\/tags\/list$/.test(decoded));
}
