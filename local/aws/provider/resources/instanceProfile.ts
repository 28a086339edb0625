import { stringMap, text } from "../fields";
import type { AwsContext, ResourceType } from "../resourceType";
import { optionalString, stringOf, tagList, tagMap, unlessMissing, updateTags } from "./common";

const missing = "NoSuchEntityException";

/** Resource type `aws.iam.InstanceProfile`. */
export const instanceProfile: ResourceType = {
    inputs: { name: text(), path: text({ default: "/" }), role: text(), tags: stringMap() },
    computed: ["arn", "createDate", "uniqueId"],
    replaceOn: ["name", "path"],
    autoName: { property: "name", maxLength: 128 },
    async create(aws, inputs) {
        const InstanceProfileName = stringOf(inputs, "name");
        const Path = stringOf(inputs, "path");
        await aws.clients.iam.createInstanceProfile({ InstanceProfileName, Path, Tags: tagList(inputs.tags) });
        return InstanceProfileName;
    },
    async finishCreate(aws, id, inputs) {
        const RoleName = optionalString(inputs, "role");
        if (RoleName !== undefined)
            await aws.clients.iam.addRoleToInstanceProfile({ InstanceProfileName: id, RoleName });
    },
    async read(aws, id) {
        const found = await unlessMissing(aws.clients.iam.getInstanceProfile({ InstanceProfileName: id }), missing);
        if (found?.InstanceProfile === undefined) return undefined;
        const { InstanceProfile: profile } = found;
        return {
            name: profile.InstanceProfileName,
            path: profile.Path,
            role: profile.Roles?.[0]?.RoleName ?? null,
            tags: tagMap(profile.Tags),
            arn: profile.Arn,
            createDate: profile.CreateDate?.toISOString(),
            uniqueId: profile.InstanceProfileId,
        };
    },
    async update(aws, id, inputs, changed, old) {
        const { iam } = aws.clients;
        if (changed.has("role")) {
            for (const RoleName of await rolesOf(aws, id)) {
                await iam.removeRoleFromInstanceProfile({ InstanceProfileName: id, RoleName });
            }
            const RoleName = optionalString(inputs, "role");
            if (RoleName !== undefined) await iam.addRoleToInstanceProfile({ InstanceProfileName: id, RoleName });
        }
        await updateTags(old.tags, inputs.tags, {
            tag: (tags) => iam.tagInstanceProfile({ InstanceProfileName: id, Tags: tagList(tags) }),
            untag: (TagKeys) => iam.untagInstanceProfile({ InstanceProfileName: id, TagKeys }),
        });
    },
    async delete(aws, id) {
        const { iam } = aws.clients;
        for (const RoleName of await rolesOf(aws, id)) {
            await iam.removeRoleFromInstanceProfile({ InstanceProfileName: id, RoleName });
        }
        await unlessMissing(iam.deleteInstanceProfile({ InstanceProfileName: id }), missing);
    },
};

async function rolesOf(aws: AwsContext, InstanceProfileName: string): Promise<string[]> {
    const found = await unlessMissing(aws.clients.iam.getInstanceProfile({ InstanceProfileName }), missing);
    return (found?.InstanceProfile?.Roles ?? []).map(({ RoleName }) => RoleName ?? "");
}
