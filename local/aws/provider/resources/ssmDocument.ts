import type { CreateDocumentCommandInput, UpdateDocumentCommandInput } from "@aws-sdk/client-ssm";
import { type Fields, fromApi, listOf, stringMap, text, toApi, wholeFromApi } from "../fields";
import type { ResourceType } from "../resourceType";
import { region, stringOf, tagList, tagMap, unlessMissing, updateTags } from "./common";

const missing = "InvalidDocument";

/** Inputs that the API describes under their names. */
const described: Fields = {
    name: text(),
    documentType: text({ required: true }),
    documentFormat: text({ default: "JSON", sendDefault: true }),
    targetType: text(),
    versionName: text(),
};

/** Settings of a version. */
const { documentFormat, targetType, versionName } = described;
const versionSettings = { content: text({ required: true }), documentFormat, targetType, versionName } as Fields;

/** Outputs that the API describes under their names. */
const computed: Fields = {
    createdDate: text(),
    defaultVersion: text(),
    description: text(),
    documentVersion: text(),
    hash: text(),
    hashType: text(),
    latestVersion: text(),
    owner: text(),
    parameters: listOf({ name: text(), type: text(), description: text(), defaultValue: text() }),
    platformTypes: listOf("string"),
    schemaVersion: text(),
    status: text(),
};

/** Resource type `aws.ssm.Document`: a changed content becomes a new version, which is the default one. */
export const document: ResourceType = {
    inputs: { ...described, ...versionSettings, tags: stringMap(), region },
    computed: ["arn", ...Object.keys(computed)],
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
        await aws.clients.ssm.createDocument({
            ...toApi({ ...described, ...versionSettings }, inputs, "PascalCase"),
            Tags: tagList(inputs.tags),
        } as CreateDocumentCommandInput);
        return stringOf(inputs, "name");
    },
    async read(aws, id) {
        const { ssm } = aws.clients;
        const found = await unlessMissing(ssm.describeDocument({ Name: id }), missing);
        if (found?.Document === undefined) return undefined;
        const { Document } = found;
        const { Content } = await ssm.getDocument({ Name: id, DocumentFormat: Document.DocumentFormat });
        const tags = await ssm.listTagsForResource({ ResourceType: "Document", ResourceId: id });
        return {
            ...wholeFromApi(described, Document, "PascalCase"),
            ...fromApi(computed, Document, "PascalCase"),
            content: Content,
            tags: tagMap(tags.TagList),
            arn: `arn:${aws.partition}:ssm:${aws.region}:${Document.Owner}:document/${Document.Name}`,
        };
    },
    async update(aws, id, inputs, changed, old) {
        const { ssm } = aws.clients;
        if (Object.keys(versionSettings).some((name) => changed.has(name))) {
            const { DocumentDescription } = await ssm.updateDocument({
                ...toApi(versionSettings, inputs, "PascalCase"),
                Name: id,
                DocumentVersion: "$LATEST",
            } as UpdateDocumentCommandInput);
            const { DocumentVersion } = DocumentDescription ?? {};
            await ssm.updateDocumentDefaultVersion({ Name: id, DocumentVersion });
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
