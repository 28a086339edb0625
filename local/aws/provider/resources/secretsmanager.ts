import { count, flag, stringMap, text, wholeFromApi } from "../fields";
import type { ResourceType, ResourceTypes } from "../resourceType";
import { optionalString, region, stringOf, tagList, tagMap, unlessMissing, updateTags } from "./common";

const missing = "ResourceNotFoundException";

const described = { name: text(), description: text(), kmsKeyId: text() };

const secret: ResourceType = {
    inputs: {
        ...described,
        forceOverwriteReplicaSecret: flag({ default: false }),
        recoveryWindowInDays: count({ default: 30 }),
        tags: stringMap(),
        region,
    },
    computed: ["arn"],
    replaceOn: ["name", "region"],
    autoName: { property: "name", maxLength: 512 },
    async create(aws, inputs) {
        const answer = await aws.clients.secretsmanager.createSecret({
            Name: stringOf(inputs, "name"),
            Description: optionalString(inputs, "description"),
            KmsKeyId: optionalString(inputs, "kmsKeyId"),
            ForceOverwriteReplicaSecret: inputs.forceOverwriteReplicaSecret === true,
            Tags: tagList(inputs.tags),
        });
        return answer.ARN ?? stringOf(inputs, "name");
    },
    async read(aws, id) {
        const found = await unlessMissing(aws.clients.secretsmanager.describeSecret({ SecretId: id }), missing);
        if (found === undefined || found.DeletedDate !== undefined) return undefined;
        return {
            ...wholeFromApi(described, found, "PascalCase"),
            tags: tagMap(found.Tags),
            arn: found.ARN,
        };
    },
    async update(aws, id, inputs, changed, old) {
        const { secretsmanager } = aws.clients;
        if (changed.has("description") || changed.has("kmsKeyId")) {
            await secretsmanager.updateSecret({
                SecretId: id,
                Description: optionalString(inputs, "description") ?? "",
                KmsKeyId: optionalString(inputs, "kmsKeyId") ?? "",
            });
        }
        await updateTags(old.tags, inputs.tags, {
            tag: (tags) => secretsmanager.tagResource({ SecretId: id, Tags: tagList(tags) }),
            untag: (TagKeys) => secretsmanager.untagResource({ SecretId: id, TagKeys }),
        });
    },
    async delete(aws, id, known) {
        const days = typeof known.recoveryWindowInDays === "number" ? known.recoveryWindowInDays : 30;
        const how = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
        await unlessMissing(aws.clients.secretsmanager.deleteSecret({ SecretId: id, ...how }), missing);
    },
};

function splitId(id: string): { SecretId: string; VersionId: string } {
    const [SecretId, VersionId] = id.split("|");
    if (!SecretId || !VersionId) throw new Error(`The id "${id}" is not <secret ARN>|<version id>.`);
    return { SecretId, VersionId };
}

const secretVersion: ResourceType = {
    inputs: { secretId: text({ required: true }), secretString: text(), secretBinary: text(), region },
    computed: ["arn", "secretArn", "versionId", "versionStages"],
    replaceOn: ["secretId", "secretString", "secretBinary", "region"],
    secretOutputs: ["secretString", "secretBinary"],
    conflicts(inputs) {
        const given = ["secretString", "secretBinary"].filter((name) => inputs[name] !== undefined);
        return given.length === 1 ? undefined : "exactly one of secretString and secretBinary must be given.";
    },
    async create(aws, inputs) {
        const binary = optionalString(inputs, "secretBinary");
        const SecretId = stringOf(inputs, "secretId");
        const answer = await aws.clients.secretsmanager.putSecretValue({
            SecretId,
            SecretString: optionalString(inputs, "secretString"),
            SecretBinary: binary === undefined ? undefined : Buffer.from(binary, "base64"),
        });
        return `${SecretId}|${answer.VersionId ?? ""}`;
    },
    async read(aws, id) {
        const { SecretId, VersionId } = splitId(id);
        const call = aws.clients.secretsmanager.getSecretValue({ SecretId, VersionId });
        const found = await unlessMissing(call, missing, "InvalidRequestException");
        return (
            found && {
                secretId: SecretId,
                secretString: found.SecretString,
                secretBinary: found.SecretBinary && Buffer.from(found.SecretBinary).toString("base64"),
                arn: found.ARN,
                secretArn: found.ARN,
                versionId: VersionId,
                versionStages: found.VersionStages,
            }
        );
    },
    async delete(aws, id) {
        const { SecretId, VersionId } = splitId(id);
        const { secretsmanager } = aws.clients;
        const found = await unlessMissing(secretsmanager.describeSecret({ SecretId }), missing);
        // Secrets Manager forgets a version without stages; AWSCURRENT can only be moved, not taken away.
        for (const VersionStage of found?.VersionIdsToStages?.[VersionId] ?? []) {
            if (VersionStage === "AWSCURRENT") continue;
            await secretsmanager.updateSecretVersionStage({ SecretId, VersionStage, RemoveFromVersionId: VersionId });
        }
    },
};

/** Resource types of AWS Secrets Manager. */
export const secretsmanagerResources: ResourceTypes = {
    "aws:secretsmanager/secret:Secret": secret,
    "aws:secretsmanager/secretVersion:SecretVersion": secretVersion,
};
