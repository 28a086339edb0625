import type { RequestTarget } from "../http/requestTarget";

type ByMethod = Partial<Record<string, string>>;

/** IAM actions of subresources (`?policy`) of a bucket, by HTTP method. */
const bucketSubresources: Record<string, ByMethod> = {
    accelerate: { GET: "GetAccelerateConfiguration", PUT: "PutAccelerateConfiguration" },
    acl: { GET: "GetBucketAcl", PUT: "PutBucketAcl" },
    cors: { GET: "GetBucketCORS", PUT: "PutBucketCORS", DELETE: "PutBucketCORS" },
    delete: { POST: "DeleteObject" },
    encryption: {
        GET: "GetEncryptionConfiguration",
        PUT: "PutEncryptionConfiguration",
        DELETE: "PutEncryptionConfiguration",
    },
    lifecycle: {
        GET: "GetLifecycleConfiguration",
        PUT: "PutLifecycleConfiguration",
        DELETE: "PutLifecycleConfiguration",
    },
    location: { GET: "GetBucketLocation" },
    logging: { GET: "GetBucketLogging", PUT: "PutBucketLogging" },
    notification: { GET: "GetBucketNotification", PUT: "PutBucketNotification" },
    "object-lock": { GET: "GetBucketObjectLockConfiguration", PUT: "PutBucketObjectLockConfiguration" },
    ownershipControls: {
        GET: "GetBucketOwnershipControls",
        PUT: "PutBucketOwnershipControls",
        DELETE: "PutBucketOwnershipControls",
    },
    policy: { GET: "GetBucketPolicy", PUT: "PutBucketPolicy", DELETE: "DeleteBucketPolicy" },
    policyStatus: { GET: "GetBucketPolicyStatus" },
    publicAccessBlock: {
        GET: "GetBucketPublicAccessBlock",
        PUT: "PutBucketPublicAccessBlock",
        DELETE: "PutBucketPublicAccessBlock",
    },
    replication: {
        GET: "GetReplicationConfiguration",
        PUT: "PutReplicationConfiguration",
        DELETE: "PutReplicationConfiguration",
    },
    requestPayment: { GET: "GetBucketRequestPayment", PUT: "PutBucketRequestPayment" },
    tagging: { GET: "GetBucketTagging", PUT: "PutBucketTagging", DELETE: "PutBucketTagging" },
    uploads: { GET: "ListBucketMultipartUploads" },
    versioning: { GET: "GetBucketVersioning", PUT: "PutBucketVersioning" },
    versions: { GET: "ListBucketVersions" },
    website: { GET: "GetBucketWebsite", PUT: "PutBucketWebsite", DELETE: "DeleteBucketWebsite" },
};

/** IAM actions of subresources of an object, by HTTP method. */
const objectSubresources: Record<string, ByMethod> = {
    acl: { GET: "GetObjectAcl", PUT: "PutObjectAcl" },
    attributes: { GET: "GetObjectAttributes" },
    "legal-hold": { GET: "GetObjectLegalHold", PUT: "PutObjectLegalHold" },
    restore: { POST: "RestoreObject" },
    retention: { GET: "GetObjectRetention", PUT: "PutObjectRetention" },
    tagging: { GET: "GetObjectTagging", PUT: "PutObjectTagging", DELETE: "DeleteObjectTagging" },
    uploadId: {
        GET: "ListMultipartUploadParts",
        PUT: "PutObject",
        POST: "PutObject",
        DELETE: "AbortMultipartUpload",
    },
    uploads: { POST: "PutObject" },
    versionId: { GET: "GetObjectVersion", HEAD: "GetObjectVersion", DELETE: "DeleteObjectVersion" },
};

const levels: { subresources: Record<string, ByMethod>; plain: ByMethod }[] = [
    { subresources: {}, plain: { GET: "ListAllMyBuckets" } },
    {
        subresources: bucketSubresources,
        plain: {
            GET: "ListBucket",
            HEAD: "ListBucket",
            PUT: "CreateBucket",
            DELETE: "DeleteBucket",
            POST: "PutObject",
        },
    },
    {
        subresources: objectSubresources,
        plain: { GET: "GetObject", HEAD: "GetObject", PUT: "PutObject", DELETE: "DeleteObject" },
    },
];

/** Splits a path-style S3 path into bucket and key; a missing part is "". The key is decoded. */
export function s3Target(path: string): { bucket: string; key: string } {
    const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
    return { bucket, key: decodeURIComponent(key) };
}

/**
 * Finds the IAM action of a path-style S3 request, without the `s3:` prefix; undefined where none matches.
 * Source: service authorization reference of Amazon S3 (deleting a configuration needs its Put action).
 */
export function s3Action(method: string, { path, query }: RequestTarget): string | undefined {
    const { bucket, key } = s3Target(path);
    const level = levels[bucket === "" ? 0 : key === "" ? 1 : 2];
    for (const [name, byMethod] of Object.entries(level?.subresources ?? {})) {
        if (query.has(name) && byMethod[method] !== undefined) return byMethod[method];
    }
    return level?.plain[method];
}
