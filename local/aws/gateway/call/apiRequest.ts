/** Format in which a service writes requests and errors. */
export type ApiProtocol = "json" | "query" | "s3";

/** Parts of an HTTP request that identify an API call. */
export interface ApiRequest {
    /** HTTP method of the request. */
    method: string;
    /** Path with the query string, as sent. */
    url: string;
    /** Headers by lower-case name. */
    headers: Record<string, string | string[] | undefined>;
    /** Body; empty where it was not read (S3 objects, Lambda). */
    body: Buffer;
}

/** AWS API call. */
export interface ApiCall {
    /** Access key of the signature; undefined for an unsigned request. */
    accessKeyId: string | undefined;
    /** IAM prefix of the service, such as `ecr`. */
    service: string;
    /** IAM action such as `ecr:CreateRepository`; null where the request matches none. */
    action: string | null;
    /** ARNs that the action is checked on; empty where the API names no resource. */
    resources: string[];
    /** Region of the signature, or the configured one. */
    region: string;
    /** Format of errors. */
    protocol: ApiProtocol;
    /** Members of a query-protocol request; empty otherwise. */
    parameters: URLSearchParams;
    /** Members of a JSON request; empty otherwise. */
    members: Record<string, unknown>;
}
