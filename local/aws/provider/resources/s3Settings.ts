import type {
    BucketLifecycleConfiguration,
    ObjectOwnership,
    ServerSideEncryptionConfiguration,
    VersioningConfiguration,
} from "@aws-sdk/client-s3";
import {
    count,
    type Fields,
    flag,
    fromApi,
    listOf,
    object,
    policy,
    type Properties,
    setOf,
    text,
    toApi,
} from "../fields";
import type { AwsContext, ResourceType, ResourceTypes } from "../resourceType";
import { region, stringOf, unlessMissing } from "./common";

/** Setting of a bucket that pulumi-aws declares as a resource of its own: one for each bucket, its id is the bucket's name. */
interface BucketSetting {
    inputs: Fields;
    /** Writes the whole setting. */
    put(aws: AwsContext, bucket: string, inputs: Properties): Promise<unknown>;
    /** Reads the setting; rejects with one of {@link missing} when the bucket has none. */
    get(aws: AwsContext, bucket: string): Promise<Properties>;
    /** Removes the setting. */
    remove(aws: AwsContext, bucket: string, known: Properties): Promise<unknown>;
    /** Names of the errors of a bucket without the setting. */
    missing: readonly string[];
}

function bucketSetting(setting: BucketSetting): ResourceType {
    const gone = [...setting.missing, "NoSuchBucket"];
    return {
        inputs: { bucket: text({ required: true }), ...setting.inputs, region },
        computed: [],
        replaceOn: ["bucket", "region"],
        async create(aws, given) {
            const bucket = stringOf(given, "bucket");
            await setting.put(aws, bucket, given);
            return bucket;
        },
        async read(aws, id) {
            const found = await unlessMissing(setting.get(aws, id), ...gone);
            return found && { ...found, bucket: id };
        },
        async update(aws, id, given) {
            await setting.put(aws, id, given);
        },
        async delete(aws, id, known) {
            await unlessMissing(setting.remove(aws, id, known), ...gone);
        },
    };
}

const blocks: Fields = {
    blockPublicAcls: flag({ default: false }),
    blockPublicPolicy: flag({ default: false }),
    ignorePublicAcls: flag({ default: false }),
    restrictPublicBuckets: flag({ default: false }),
};

const publicAccessBlock = bucketSetting({
    inputs: blocks,
    put: (aws, Bucket, inputs) =>
        aws.clients.s3.putPublicAccessBlock({
            Bucket,
            PublicAccessBlockConfiguration: toApi(blocks, inputs, "PascalCase"),
        }),
    async get(aws, Bucket) {
        const answer = await aws.clients.s3.getPublicAccessBlock({ Bucket });
        return fromApi(blocks, answer.PublicAccessBlockConfiguration, "PascalCase");
    },
    remove: (aws, Bucket) => aws.clients.s3.deletePublicAccessBlock({ Bucket }),
    missing: ["NoSuchPublicAccessBlockConfiguration"],
});

const bucketPolicy = bucketSetting({
    inputs: { policy: policy({ required: true }) },
    put: (aws, Bucket, inputs) => aws.clients.s3.putBucketPolicy({ Bucket, Policy: stringOf(inputs, "policy") }),
    async get(aws, Bucket) {
        return { policy: (await aws.clients.s3.getBucketPolicy({ Bucket })).Policy };
    },
    remove: (aws, Bucket) => aws.clients.s3.deleteBucketPolicy({ Bucket }),
    missing: ["NoSuchBucketPolicy"],
});

const encryption: Fields = {
    rules: listOf(
        {
            applyServerSideEncryptionByDefault: object({
                sseAlgorithm: text({ required: true, apiName: "SSEAlgorithm" }),
                kmsMasterKeyId: text({ apiName: "KMSMasterKeyID" }),
            }),
            bucketKeyEnabled: flag({ default: false }),
        },
        { required: true },
    ),
};

const serverSideEncryption = bucketSetting({
    inputs: encryption,
    put: (aws, Bucket, inputs) =>
        aws.clients.s3.putBucketEncryption({
            Bucket,
            ServerSideEncryptionConfiguration: toApi(
                encryption,
                inputs,
                "PascalCase",
            ) as unknown as ServerSideEncryptionConfiguration,
        }),
    async get(aws, Bucket) {
        const answer = await aws.clients.s3.getBucketEncryption({ Bucket });
        return fromApi(encryption, answer.ServerSideEncryptionConfiguration, "PascalCase");
    },
    remove: (aws, Bucket) => aws.clients.s3.deleteBucketEncryption({ Bucket }),
    missing: ["ServerSideEncryptionConfigurationNotFoundError"],
});

const filterFields: Fields = {
    objectSizeGreaterThan: count(),
    objectSizeLessThan: count(),
    prefix: text(),
};
const lifecycle: Fields = {
    rules: listOf({
        id: text({ required: true, apiName: "ID" }),
        status: text({ required: true }),
        filter: object({
            ...filterFields,
            and: object(filterFields),
            tag: object({ key: text({ required: true }), value: text({ required: true }) }),
        }),
        abortIncompleteMultipartUpload: object({ daysAfterInitiation: count() }),
        expiration: object({ days: count({ default: 0 }), expiredObjectDeleteMarker: flag({ default: false }) }),
        noncurrentVersionExpiration: object({
            noncurrentDays: count({ required: true }),
            newerNoncurrentVersions: count(),
        }),
        noncurrentVersionTransitions: setOf({
            noncurrentDays: count({ required: true }),
            newerNoncurrentVersions: count(),
            storageClass: text({ required: true }),
        }),
        transitions: setOf({ days: count(), storageClass: text({ required: true }) }),
    }),
};

const lifecycleConfiguration = bucketSetting({
    inputs: lifecycle,
    put: (aws, Bucket, inputs) => {
        const { Rules = [] } = toApi(lifecycle, inputs, "PascalCase") as unknown as BucketLifecycleConfiguration;
        // S3 wants a filter or the deprecated prefix in each rule; an empty filter is every object.
        const LifecycleConfiguration = { Rules: Rules.map((rule) => ({ Filter: {}, ...rule })) };
        return aws.clients.s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration });
    },
    async get(aws, Bucket) {
        return fromApi(lifecycle, await aws.clients.s3.getBucketLifecycleConfiguration({ Bucket }), "PascalCase");
    },
    remove: (aws, Bucket) => aws.clients.s3.deleteBucketLifecycle({ Bucket }),
    missing: ["NoSuchLifecycleConfiguration"],
});

const versioningFields: Fields = {
    versioningConfiguration: object({ status: text({ required: true }) }, { required: true }),
};

const versioning = bucketSetting({
    inputs: versioningFields,
    async put(aws, Bucket, inputs) {
        const { status } = inputs.versioningConfiguration as Properties;
        // "Disabled" is Terraform's word for a bucket whose versioning was never set; the API has no such status.
        if (status === "Disabled") return;
        const VersioningConfiguration = { Status: status } as VersioningConfiguration;
        await aws.clients.s3.putBucketVersioning({ Bucket, VersioningConfiguration });
    },
    async get(aws, Bucket) {
        const { Status } = await aws.clients.s3.getBucketVersioning({ Bucket });
        return { versioningConfiguration: { status: Status ?? "Disabled" } };
    },
    async remove(aws, Bucket, known) {
        const { status } = (known.versioningConfiguration ?? {}) as Properties;
        if (status !== "Enabled") return;
        await aws.clients.s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } });
    },
    missing: [],
});

const ownershipControls = bucketSetting({
    inputs: { rule: object({ objectOwnership: text({ required: true }) }, { required: true }) },
    put: (aws, Bucket, inputs) => {
        const { objectOwnership } = inputs.rule as Properties;
        const Rules = [{ ObjectOwnership: objectOwnership as ObjectOwnership }];
        return aws.clients.s3.putBucketOwnershipControls({ Bucket, OwnershipControls: { Rules } });
    },
    async get(aws, Bucket) {
        const { OwnershipControls } = await aws.clients.s3.getBucketOwnershipControls({ Bucket });
        return { rule: { objectOwnership: OwnershipControls?.Rules?.[0]?.ObjectOwnership } };
    },
    remove: (aws, Bucket) => aws.clients.s3.deleteBucketOwnershipControls({ Bucket }),
    missing: ["OwnershipControlsNotFoundError"],
});

/** Resource types of a bucket's settings. */
export const bucketSettings: ResourceTypes = {
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycleConfiguration,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownershipControls,
    "aws:s3/bucketPolicy:BucketPolicy": bucketPolicy,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": serverSideEncryption,
    "aws:s3/bucketVersioning:BucketVersioning": versioning,
};
