import type { ParameterMetadata, PutParameterCommandInput } from "@aws-sdk/client-ssm";
import { flag, type Properties, stringMap, text, toApi, wholeFromApi } from "../fields";
import type { AwsContext, ResourceType, ResourceTypes } from "../resourceType";
import { document } from "./ssmDocument";
import { optionalString, region, stringOf, tagList, tagMap, unlessMissing, updateTags } from "./common";

const described = {
    description: text(),
    allowedPattern: text(),
    dataType: text({ computed: true }),
    keyId: text({ computed: true }),
    tier: text({ computed: true }),
};

async function describe(aws: AwsContext, name: string): Promise<ParameterMetadata | undefined> {
    const answer = await aws.clients.ssm.describeParameters({
        ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [name] }],
    });
    return answer.Parameters?.find((candidate) => candidate.Name === name);
}

function putRequest(inputs: Properties): PutParameterCommandInput {
    return {
        Name: stringOf(inputs, "name"),
        Type: stringOf(inputs, "type") as PutParameterCommandInput["Type"],
        Value: optionalString(inputs, "value") ?? stringOf(inputs, "insecureValue"),
        ...toApi(described, inputs, "PascalCase"),
    };
}

const parameter: ResourceType = {
    inputs: {
        name: text(),
        type: text({ required: true }),
        value: text({ computed: true }),
        insecureValue: text({ computed: true }),
        ...described,
        overwrite: flag({ default: false }),
        tags: stringMap(),
        region,
    },
    computed: ["arn", "version"],
    replaceOn: ["name", "dataType", "region"],
    autoName: { property: "name", maxLength: 2048 },
    importedInputs: ["value"],
    secretOutputs: ["value"],
    movedByUpdate: ["version"],
    conflicts(inputs) {
        const given = ["value", "insecureValue"].filter((name) => inputs[name] !== undefined && inputs[name] !== null);
        if (given.length !== 1) return "exactly one of value and insecureValue must be given.";
        if (inputs.type === "SecureString" && given[0] === "insecureValue") {
            return "a parameter of the type SecureString takes value, not insecureValue.";
        }
        return undefined;
    },
    async create(aws, inputs) {
        // PutParameter takes no tags together with Overwrite (API reference of SSM, PutParameter).
        const overwrite = inputs.overwrite === true;
        await aws.clients.ssm.putParameter({
            ...putRequest(inputs),
            ...(overwrite ? { Overwrite: true } : { Tags: tagList(inputs.tags) }),
        });
        return stringOf(inputs, "name");
    },
    async finishCreate(aws, id, inputs) {
        const tags = tagList(inputs.tags);
        if (inputs.overwrite !== true || tags.length === 0) return;
        await aws.clients.ssm.addTagsToResource({ ResourceType: "Parameter", ResourceId: id, Tags: tags });
    },
    async read(aws, id, known) {
        const { ssm } = aws.clients;
        const found = await unlessMissing(ssm.getParameter({ Name: id, WithDecryption: true }), "ParameterNotFound");
        if (found?.Parameter === undefined) return undefined;
        const { Name, Type, Value, ARN, Version } = found.Parameter;
        const metadata = await describe(aws, id);
        const tags = await ssm.listTagsForResource({ ResourceType: "Parameter", ResourceId: id });
        const isPublic = known.insecureValue !== undefined && Type !== "SecureString";
        return {
            ...wholeFromApi(described, metadata, "PascalCase"),
            name: Name,
            type: Type,
            [isPublic ? "insecureValue" : "value"]: Value,
            tags: tagMap(tags.TagList),
            arn: ARN,
            version: Version,
        };
    },
    async update(aws, id, inputs, changed, old) {
        const { ssm } = aws.clients;
        const onlyHere = new Set(["tags", "overwrite"]);
        if ([...changed].some((name) => !onlyHere.has(name))) {
            await ssm.putParameter({ Description: "", ...putRequest(inputs), Overwrite: true });
        }
        const resource = { ResourceType: "Parameter", ResourceId: id } as const;
        await updateTags(old.tags, inputs.tags, {
            tag: (tags) => ssm.addTagsToResource({ ...resource, Tags: tagList(tags) }),
            untag: (TagKeys) => ssm.removeTagsFromResource({ ...resource, TagKeys }),
        });
    },
    async delete(aws, id) {
        await unlessMissing(aws.clients.ssm.deleteParameter({ Name: id }), "ParameterNotFound");
    },
};

/** Resource types of AWS Systems Manager. */
export const ssmResources: ResourceTypes = {
    "aws:ssm/document:Document": document,
    "aws:ssm/parameter:Parameter": parameter,
};
