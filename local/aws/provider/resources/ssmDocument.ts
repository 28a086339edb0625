import type { DocumentDescription } from "@aws-sdk/client-ssm";
import { type Properties, stringMap, text } from "../fields";
import type { AwsContext, ResourceType } from "../resourceType";
import { optionalString, region, stringOf, tagList, tagMap, unlessMissing, updateTags } from "./common";

const missing = "InvalidDocument";

function parametersOf(described: DocumentDescription): Properties[] {
    return (described.Parameters ?? []).map(({ Name, Type, Description, DefaultValue }) => ({
        name: Name,
        type: Type,
        description: Description,
        defaultValue: DefaultValue,
    }));
}

async function setDefault(aws: AwsContext, Name: string, DocumentVersion: string | undefined): Promise<void> {
    if (DocumentVersion !== undefined) {
        await aws.clients.ssm.updateDocumentDefaultVersion({ Name, DocumentVersion });
    }
}

/** Resource type `aws.ssm.Document`: a changed content becomes a new version, which is the default one. */
export const document: ResourceType = {
    inputs: {
        name: text(),
        content: text({ required: true }),
        documentType: text({ required: true }),
        documentFormat: text({ default: "JSON", sendDefault: true }),
        targetType: text(),
        versionName: text(),
        tags: stringMap(),
        region,
    },
    computed: [
        "arn",
        "createdDate",
        "defaultVersion",
        "description",
        "documentVersion",
        "hash",
        "hashType",
        "latestVersion",
        "owner",
        "parameters",
        "platformTypes",
        "schemaVersion",
        "status",
    ],
    replaceOn: ["name", "documentType", "region"],
    autoName: { property: "name", maxLength: 128 },
    movedByUpdate: [
        "defaultVersion",
        "description",
        "documentVersion",
        "hash",
        "latestVersion",
        "parameters",
        "platformTypes",
        "status",
    ],
    async create(aws, inputs) {
        const Name = stringOf(inputs, "name");
        await aws.clients.ssm.createDocument({
            Name,
            Content: stringOf(inputs, "content"),
            DocumentType: stringOf(inputs, "documentType") as "Command",
            DocumentFormat: stringOf(inputs, "documentFormat") as "JSON",
            TargetType: optionalString(inputs, "targetType"),
            VersionName: optionalString(inputs, "versionName"),
            Tags: tagList(inputs.tags),
        });
        return Name;
    },
    async read(aws, id) {
        const { ssm } = aws.clients;
        const found = await unlessMissing(ssm.describeDocument({ Name: id }), missing);
        if (found?.Document === undefined) return undefined;
        const { Document } = found;
        const { Content } = await ssm.getDocument({ Name: id, DocumentFormat: Document.DocumentFormat });
        const tags = await ssm.listTagsForResource({ ResourceType: "Document", ResourceId: id });
        return {
            name: Document.Name,
            content: Content,
            documentType: Document.DocumentType,
            documentFormat: Document.DocumentFormat,
            targetType: Document.TargetType ?? null,
            versionName: Document.VersionName ?? null,
            tags: tagMap(tags.TagList),
            arn: `arn:${aws.partition}:ssm:${aws.region}:${Document.Owner}:document/${Document.Name}`,
            createdDate: Document.CreatedDate?.toISOString(),
            defaultVersion: Document.DefaultVersion,
            description: Document.Description,
            documentVersion: Document.DocumentVersion,
            hash: Document.Hash,
            hashType: Document.HashType,
            latestVersion: Document.LatestVersion,
            owner: Document.Owner,
            parameters: parametersOf(Document),
            platformTypes: Document.PlatformTypes,
            schemaVersion: Document.SchemaVersion,
            status: Document.Status,
        };
    },
    async update(aws, id, inputs, changed, old) {
        const { ssm } = aws.clients;
        if (["content", "documentFormat", "targetType", "versionName"].some((name) => changed.has(name))) {
            const updated = await ssm.updateDocument({
                Name: id,
                Content: stringOf(inputs, "content"),
                DocumentFormat: stringOf(inputs, "documentFormat") as "JSON",
                TargetType: optionalString(inputs, "targetType"),
                VersionName: optionalString(inputs, "versionName"),
                DocumentVersion: "$LATEST",
            });
            await setDefault(aws, id, updated.DocumentDescription?.DocumentVersion);
        }
        const resource = { ResourceType: "Document", ResourceId: id } as const;
        await updateTags(old.tags, inputs.tags, {
            tag: (tags) => ssm.addTagsToResource({ ...resource, Tags: tagList(tags) }),
            untag: (TagKeys) => ssm.removeTagsFromResource({ ...resource, TagKeys }),
        });
    },
    async delete(aws, id) {
        await unlessMissing(aws.clients.ssm.deleteDocument({ Name: id }), missing);
    },
};
