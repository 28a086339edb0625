import type { ListObjectVersionsCommandOutput } from "@aws-sdk/client-s3";
import * as fs from "node:fs";
import { projectRoot, worldDirectory } from "../../../paths";
import { assetFile } from "../assetFile";
import {
    asset,
    flag,
    isProperties,
    type Properties,
    type PropertyValue,
    stringMap,
    text,
    toApi,
    wholeFromApi,
} from "../fields";
import { toLocalAsset } from "../propertyValues";
import type { AwsContext, ResourceType } from "../resourceType";
import { mapOf, region, stringOf, tagList, tagMap, unlessMissing } from "./common";

/**
 * Deletes objects with all their versions and delete markers; a missing bucket is no error.
 *
 * @param key the one object to delete
 * @default every object of the bucket
 */
export async function deleteObjects(aws: AwsContext, Bucket: string, key?: string): Promise<void> {
    const { s3 } = aws.clients;
    let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (next !== undefined) {
        const page: ListObjectVersionsCommandOutput | undefined = await unlessMissing(
            s3.listObjectVersions({ Bucket, Prefix: key, ...next }),
            "NoSuchBucket",
        );
        const found = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])]
            .filter((version) => key === undefined || version.Key === key)
            .map(({ Key, VersionId }) => ({ Key, VersionId }));
        if (found.length > 0) {
            const { Errors = [] } = await s3.deleteObjects({ Bucket, Delete: { Objects: found, Quiet: true } });
            const [error] = Errors;
            if (error) throw new Error(`s3:DeleteObjects could not delete ${error.Key} in ${Bucket}: ${error.Message}`);
        }
        next = page?.IsTruncated
            ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
            : undefined;
    }
}

const headers = {
    cacheControl: text(),
    contentDisposition: text(),
    contentEncoding: text(),
    contentLanguage: text(),
    contentType: text({ computed: true }),
    kmsKeyId: text({ computed: true, apiName: "SSEKMSKeyId" }),
    serverSideEncryption: text({ computed: true }),
    storageClass: text({ computed: true }),
};

async function put(aws: AwsContext, inputs: Properties): Promise<void> {
    const tags = new URLSearchParams(mapOf(inputs.tags)).toString();
    await aws.clients.s3.putObject({
        Bucket: stringOf(inputs, "bucket"),
        Key: stringOf(inputs, "key"),
        Body: bodyOf(inputs),
        Metadata: inputs.metadata === undefined ? undefined : mapOf(inputs.metadata),
        Tagging: tags === "" ? undefined : tags,
        ...toApi(headers, inputs, "PascalCase"),
    });
}

function bodyOf(inputs: Properties): Uint8Array {
    if (isProperties(inputs.source)) {
        const { path, text: content } = toLocalAsset(inputs.source);
        return path === undefined
            ? Buffer.from(content ?? "")
            : fs.readFileSync(assetFile(path, [projectRoot, worldDirectory()]));
    }
    if (inputs.contentBase64 !== undefined) return Buffer.from(stringOf(inputs, "contentBase64"), "base64");
    return Buffer.from(typeof inputs.content === "string" ? inputs.content : "");
}

/** Splits an id `<bucket>/<key>`; bucket names hold no slash. */
function splitId(id: string): { Bucket: string; Key: string } {
    const at = id.indexOf("/");
    if (at < 1) throw new Error(`The id "${id}" is not <bucket>/<key>.`);
    return { Bucket: id.slice(0, at), Key: id.slice(at + 1) };
}

const isGiven = (value: PropertyValue) => value !== undefined && value !== null;

/** Resource type `aws.s3.BucketObjectv2`. */
export const bucketObject: ResourceType = {
    inputs: {
        bucket: text({ required: true }),
        key: text(),
        source: asset(),
        content: text(),
        contentBase64: text(),
        ...headers,
        forceDestroy: flag({ default: false }),
        metadata: stringMap(),
        sourceHash: text(),
        tags: stringMap(),
        region,
    },
    computed: ["arn", "etag", "versionId"],
    replaceOn: ["bucket", "key", "region"],
    autoName: { property: "key", maxLength: 1024, unique: false },
    movedByUpdate: ["etag", "versionId"],
    conflicts(inputs) {
        const given = ["source", "content", "contentBase64"].filter((name) => isGiven(inputs[name]));
        return given.length > 1
            ? `only one of source, content and contentBase64 may be given, not ${given.join(" and ")}.`
            : undefined;
    },
    async create(aws, inputs) {
        await put(aws, inputs);
        return `${stringOf(inputs, "bucket")}/${stringOf(inputs, "key")}`;
    },
    async read(aws, id) {
        const object = splitId(id);
        const found = await unlessMissing(aws.clients.s3.headObject(object), "NotFound", "NoSuchKey", "NoSuchBucket");
        if (found === undefined) return undefined;
        const tags = await aws.clients.s3.getObjectTagging(object);
        return {
            bucket: object.Bucket,
            key: object.Key,
            ...wholeFromApi(headers, found, "PascalCase"),
            metadata: found.Metadata ?? null,
            tags: tagMap(tags.TagSet),
            arn: `arn:${aws.partition}:s3:::${id}`,
            etag: (found.ETag ?? "").replaceAll('"', ""),
            versionId: found.VersionId,
        };
    },
    async update(aws, id, inputs, changed) {
        const withoutUpload = new Set(["tags", "forceDestroy"]);
        if ([...changed].some((name) => !withoutUpload.has(name))) await put(aws, inputs);
        else if (changed.has("tags")) {
            await aws.clients.s3.putObjectTagging({ ...splitId(id), Tagging: { TagSet: tagList(inputs.tags) } });
        }
    },
    async delete(aws, id) {
        const { Bucket, Key } = splitId(id);
        await deleteObjects(aws, Bucket, Key);
    },
};
