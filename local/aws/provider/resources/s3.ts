import type { BucketLocationConstraint } from "@aws-sdk/client-s3";
import { flag, type Properties, stringMap, text } from "../fields";
import type { AwsContext, ResourceType, ResourceTypes } from "../resourceType";
import { region, stringOf, tagList, tagMap, unlessMissing } from "./common";
import { bucketSettings } from "./s3Settings";
import { bucketObject, deleteObjects } from "./s3Objects";

async function applyTags(aws: AwsContext, Bucket: string, inputs: Properties): Promise<void> {
    const TagSet = tagList(inputs.tags);
    if (TagSet.length > 0) await aws.clients.s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
    else await aws.clients.s3.deleteBucketTagging({ Bucket });
}

const bucket: ResourceType = {
    inputs: {
        bucket: text(),
        bucketPrefix: text(),
        forceDestroy: flag({ default: false }),
        tags: stringMap(),
        region,
    },
    computed: ["arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName"],
    replaceOn: ["bucket", "bucketPrefix", "region"],
    autoName: { property: "bucket", maxLength: 63, lowerCase: true, prefixProperty: "bucketPrefix" },
    async create(aws, inputs) {
        const Bucket = stringOf(inputs, "bucket");
        // S3 refuses us-east-1 as a location constraint: it is what no constraint means (API reference, CreateBucket).
        const location = aws.region === "us-east-1" ? undefined : (aws.region as BucketLocationConstraint);
        await aws.clients.s3.createBucket({
            Bucket,
            CreateBucketConfiguration: location && { LocationConstraint: location },
        });
        return Bucket;
    },
    async finishCreate(aws, id, inputs) {
        if (tagList(inputs.tags).length > 0) await applyTags(aws, id, inputs);
    },
    async read(aws, id) {
        const found = await unlessMissing(aws.clients.s3.headBucket({ Bucket: id }), "NotFound", "NoSuchBucket");
        if (found === undefined) return undefined;
        const tags = await unlessMissing(aws.clients.s3.getBucketTagging({ Bucket: id }), "NoSuchTagSet");
        return {
            bucket: id,
            tags: tagMap(tags?.TagSet),
            arn: `arn:${aws.partition}:s3:::${id}`,
            bucketDomainName: `${id}.s3.${aws.dnsSuffix}`,
            bucketRegion: found.BucketRegion ?? aws.region,
            bucketRegionalDomainName: `${id}.s3.${aws.region}.${aws.dnsSuffix}`,
        };
    },
    async update(aws, id, inputs, changed) {
        if (changed.has("tags")) await applyTags(aws, id, inputs);
    },
    async delete(aws, id, known) {
        if (known.forceDestroy === true) await deleteObjects(aws, id);
        await unlessMissing(aws.clients.s3.deleteBucket({ Bucket: id }), "NoSuchBucket", "NotFound");
    },
};

/** Resource types of Amazon S3. */
export const s3Resources: ResourceTypes = {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketObjectv2:BucketObjectv2": bucketObject,
    ...bucketSettings,
};
