import type { LogGroup, LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";
import { count, type Properties, stringMap, text } from "../fields";
import type { AwsContext, ResourceType, ResourceTypes } from "../resourceType";
import { mapOf, optionalString, region, stringOf, unlessMissing, updateTags } from "./common";

const missing = "ResourceNotFoundException";

async function describe(aws: AwsContext, name: string): Promise<LogGroup | undefined> {
    const answer = await aws.clients.logs.describeLogGroups({ logGroupNamePrefix: name });
    return answer.logGroups?.find((group) => group.logGroupName === name);
}

/** Reads the ARN of a log group without the `:*` of the API's answer; tags and IAM policies of the group itself take it so. */
function arnOf(group: LogGroup): string {
    return (group.arn ?? "").replace(/:\*$/, "");
}

async function applyRetention(aws: AwsContext, logGroupName: string, inputs: Properties): Promise<void> {
    const days = inputs.retentionInDays;
    if (typeof days === "number" && days > 0) {
        await aws.clients.logs.putRetentionPolicy({ logGroupName, retentionInDays: days });
    } else {
        await aws.clients.logs.deleteRetentionPolicy({ logGroupName });
    }
}

const logGroup: ResourceType = {
    inputs: {
        name: text(),
        retentionInDays: count({ default: 0 }),
        kmsKeyId: text(),
        logGroupClass: text({ computed: true }),
        tags: stringMap(),
        region,
    },
    computed: ["arn"],
    replaceOn: ["name", "logGroupClass", "region"],
    autoName: { property: "name", maxLength: 512 },
    async create(aws, inputs) {
        const logGroupName = stringOf(inputs, "name");
        await aws.clients.logs.createLogGroup({
            logGroupName,
            kmsKeyId: optionalString(inputs, "kmsKeyId"),
            logGroupClass: optionalString(inputs, "logGroupClass") as LogGroupClass | undefined,
            tags: Object.keys(mapOf(inputs.tags)).length > 0 ? mapOf(inputs.tags) : undefined,
        });
        return logGroupName;
    },
    async finishCreate(aws, id, inputs) {
        if (inputs.retentionInDays !== 0) await applyRetention(aws, id, inputs);
    },
    async read(aws, id) {
        const found = await describe(aws, id);
        if (found === undefined) return undefined;
        const { tags } = await aws.clients.logs.listTagsForResource({ resourceArn: arnOf(found) });
        return {
            name: found.logGroupName,
            retentionInDays: found.retentionInDays ?? 0,
            kmsKeyId: found.kmsKeyId,
            logGroupClass: found.logGroupClass,
            tags: tags ?? null,
            arn: arnOf(found),
        };
    },
    async update(aws, id, inputs, changed, old) {
        const { logs } = aws.clients;
        const resourceArn = stringOf(old, "arn");
        if (changed.has("retentionInDays")) await applyRetention(aws, id, inputs);
        if (changed.has("kmsKeyId")) {
            const kmsKeyId = optionalString(inputs, "kmsKeyId");
            await (kmsKeyId === undefined
                ? logs.disassociateKmsKey({ logGroupName: id })
                : logs.associateKmsKey({ logGroupName: id, kmsKeyId }));
        }
        await updateTags(old.tags, inputs.tags, {
            tag: (tags) => logs.tagResource({ resourceArn, tags }),
            untag: (tagKeys) => logs.untagResource({ resourceArn, tagKeys }),
        });
    },
    async delete(aws, id) {
        await unlessMissing(aws.clients.logs.deleteLogGroup({ logGroupName: id }), missing);
    },
};

/** Resource types of Amazon CloudWatch. */
export const cloudwatchResources: ResourceTypes = { "aws:cloudwatch/logGroup:LogGroup": logGroup };
