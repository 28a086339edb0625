import { count, type Fields, flag, policy, type Properties, stringMap, text, toApi, wholeFromApi } from "../fields";
import type { CreatePolicyCommandInput, CreateRoleCommandInput } from "@aws-sdk/client-iam";
import type { AwsContext, ResourceType, ResourceTypes } from "../resourceType";
import { instanceProfile } from "./instanceProfile";
import { optionalString, stringOf, tagList, tagMap, unlessMissing, updateTags } from "./common";

const missing = "NoSuchEntityException";
/** Number of versions of a managed policy that IAM keeps (IAM user guide, "IAM and AWS STS quotas"). */
const policyVersionLimit = 5;

/** Decodes a policy document, which IAM answers percent-encoded (RFC 3986). */
function document(encoded: string | undefined): string | undefined {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
}

async function removePolicies(aws: AwsContext, RoleName: string): Promise<void> {
    const { iam } = aws.clients;
    const attached = await unlessMissing(iam.listAttachedRolePolicies({ RoleName }), missing);
    for (const { PolicyArn } of attached?.AttachedPolicies ?? []) {
        await unlessMissing(iam.detachRolePolicy({ RoleName, PolicyArn }), missing);
    }
    const inline = await unlessMissing(iam.listRolePolicies({ RoleName }), missing);
    for (const PolicyName of inline?.PolicyNames ?? []) {
        await unlessMissing(iam.deleteRolePolicy({ RoleName, PolicyName }), missing);
    }
}

/** Settings that CreateRole takes and GetRole returns unchanged. */
const roleSettings: Fields = {
    name: text({ apiName: "RoleName" }),
    description: text(),
    maxSessionDuration: count({ default: 3600 }),
    path: text({ default: "/" }),
};

const role: ResourceType = {
    inputs: {
        ...roleSettings,
        assumeRolePolicy: policy({ required: true }),
        forceDetachPolicies: flag({ default: false }),
        permissionsBoundary: text(),
        tags: stringMap(),
    },
    computed: ["arn", "createDate", "uniqueId"],
    replaceOn: ["name", "path"],
    autoName: { property: "name", maxLength: 64 },
    async create(aws, inputs) {
        await aws.clients.iam.createRole({
            ...toApi(roleSettings, inputs, "PascalCase"),
            AssumeRolePolicyDocument: inputs.assumeRolePolicy,
            PermissionsBoundary: inputs.permissionsBoundary,
            Tags: tagList(inputs.tags),
        } as CreateRoleCommandInput);
        return stringOf(inputs, "name");
    },
    async read(aws, id) {
        const found = await unlessMissing(aws.clients.iam.getRole({ RoleName: id }), missing);
        if (found?.Role === undefined) return undefined;
        const { Role } = found;
        const tags = await aws.clients.iam.listRoleTags({ RoleName: id });
        return {
            ...wholeFromApi(roleSettings, Role, "PascalCase"),
            assumeRolePolicy: document(Role.AssumeRolePolicyDocument),
            permissionsBoundary: Role.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
            tags: tagMap(tags.Tags),
            arn: Role.Arn,
            createDate: Role.CreateDate?.toISOString(),
            uniqueId: Role.RoleId,
        };
    },
    async update(aws, id, inputs, changed, old) {
        const { iam } = aws.clients;
        if (changed.has("assumeRolePolicy")) {
            await iam.updateAssumeRolePolicy({ RoleName: id, PolicyDocument: stringOf(inputs, "assumeRolePolicy") });
        }
        if (changed.has("description") || changed.has("maxSessionDuration")) {
            await iam.updateRole({
                RoleName: id,
                Description: optionalString(inputs, "description") ?? "",
                MaxSessionDuration: inputs.maxSessionDuration as number,
            });
        }
        if (changed.has("permissionsBoundary")) {
            const boundary = optionalString(inputs, "permissionsBoundary");
            await (boundary === undefined
                ? iam.deleteRolePermissionsBoundary({ RoleName: id })
                : iam.putRolePermissionsBoundary({ RoleName: id, PermissionsBoundary: boundary }));
        }
        await updateTags(old.tags, inputs.tags, {
            tag: (tags) => iam.tagRole({ RoleName: id, Tags: tagList(tags) }),
            untag: (TagKeys) => iam.untagRole({ RoleName: id, TagKeys }),
        });
    },
    async delete(aws, id, known) {
        if (known.forceDetachPolicies === true) await removePolicies(aws, id);
        await unlessMissing(aws.clients.iam.deleteRole({ RoleName: id }), missing);
    },
};

/** Splits an id at its first separator: role names hold no colon and no slash (IAM API, roleNameType). */
function splitId(id: string, separator: string): [role: string, rest: string] {
    const at = id.indexOf(separator);
    if (at < 1) throw new Error(`The id "${id}" is not <role name>${separator}<policy>.`);
    return [id.slice(0, at), id.slice(at + 1)];
}

const putRolePolicy = (aws: AwsContext, inputs: Properties) =>
    aws.clients.iam.putRolePolicy({
        RoleName: stringOf(inputs, "role"),
        PolicyName: stringOf(inputs, "name"),
        PolicyDocument: stringOf(inputs, "policy"),
    });

const rolePolicy: ResourceType = {
    inputs: { name: text(), role: text({ required: true }), policy: policy({ required: true }) },
    computed: [],
    replaceOn: ["name", "role"],
    autoName: { property: "name", maxLength: 128 },
    async create(aws, inputs) {
        await putRolePolicy(aws, inputs);
        return `${stringOf(inputs, "role")}:${stringOf(inputs, "name")}`;
    },
    async read(aws, id) {
        const [RoleName, PolicyName] = splitId(id, ":");
        const found = await unlessMissing(aws.clients.iam.getRolePolicy({ RoleName, PolicyName }), missing);
        return found && { role: found.RoleName, name: found.PolicyName, policy: document(found.PolicyDocument) };
    },
    async update(aws, _id, inputs) {
        await putRolePolicy(aws, inputs);
    },
    async delete(aws, id) {
        const [RoleName, PolicyName] = splitId(id, ":");
        await unlessMissing(aws.clients.iam.deleteRolePolicy({ RoleName, PolicyName }), missing);
    },
};

async function versionsOf(aws: AwsContext, PolicyArn: string) {
    const answer = await unlessMissing(aws.clients.iam.listPolicyVersions({ PolicyArn }), missing);
    const others = (answer?.Versions ?? []).filter((version) => version.IsDefaultVersion !== true);
    return others.sort((left, right) => Number(left.CreateDate) - Number(right.CreateDate));
}

const policySettings: Fields = {
    name: text({ apiName: "PolicyName" }),
    description: text(),
    path: text({ default: "/" }),
};

const managedPolicy: ResourceType = {
    inputs: { ...policySettings, policy: policy({ required: true }), tags: stringMap() },
    computed: ["arn", "attachmentCount", "policyId"],
    replaceOn: ["name", "description", "path"],
    autoName: { property: "name", maxLength: 128 },
    async create(aws, inputs) {
        const answer = await aws.clients.iam.createPolicy({
            ...toApi(policySettings, inputs, "PascalCase"),
            PolicyDocument: inputs.policy,
            Tags: tagList(inputs.tags),
        } as CreatePolicyCommandInput);
        return answer.Policy?.Arn ?? "";
    },
    async read(aws, id) {
        const { iam } = aws.clients;
        const found = await unlessMissing(iam.getPolicy({ PolicyArn: id }), missing);
        if (found?.Policy === undefined) return undefined;
        const { Policy } = found;
        const version = await iam.getPolicyVersion({ PolicyArn: id, VersionId: Policy.DefaultVersionId });
        const tags = await iam.listPolicyTags({ PolicyArn: id });
        return {
            ...wholeFromApi(policySettings, Policy, "PascalCase"),
            policy: document(version.PolicyVersion?.Document),
            tags: tagMap(tags.Tags),
            arn: Policy.Arn,
            attachmentCount: Policy.AttachmentCount,
            policyId: Policy.PolicyId,
        };
    },
    async update(aws, id, inputs, changed, old) {
        const { iam } = aws.clients;
        if (changed.has("policy")) {
            const [oldest, ...others] = await versionsOf(aws, id);
            if (oldest !== undefined && others.length + 2 >= policyVersionLimit) {
                await iam.deletePolicyVersion({ PolicyArn: id, VersionId: oldest.VersionId });
            }
            const PolicyDocument = stringOf(inputs, "policy");
            await iam.createPolicyVersion({ PolicyArn: id, PolicyDocument, SetAsDefault: true });
        }
        await updateTags(old.tags, inputs.tags, {
            tag: (tags) => iam.tagPolicy({ PolicyArn: id, Tags: tagList(tags) }),
            untag: (TagKeys) => iam.untagPolicy({ PolicyArn: id, TagKeys }),
        });
    },
    async delete(aws, id) {
        const { iam } = aws.clients;
        for (const { VersionId } of await versionsOf(aws, id)) {
            await unlessMissing(iam.deletePolicyVersion({ PolicyArn: id, VersionId }), missing);
        }
        await unlessMissing(iam.deletePolicy({ PolicyArn: id }), missing);
    },
};

const rolePolicyAttachment: ResourceType = {
    inputs: { role: text({ required: true }), policyArn: text({ required: true }) },
    computed: [],
    replaceOn: ["role", "policyArn"],
    deleteBeforeReplace: true,
    async create(aws, inputs) {
        const [RoleName, PolicyArn] = [stringOf(inputs, "role"), stringOf(inputs, "policyArn")];
        await aws.clients.iam.attachRolePolicy({ RoleName, PolicyArn });
        return `${RoleName}/${PolicyArn}`;
    },
    async read(aws, id) {
        const [RoleName, PolicyArn] = splitId(id, "/");
        let Marker: string | undefined;
        do {
            const page = await unlessMissing(aws.clients.iam.listAttachedRolePolicies({ RoleName, Marker }), missing);
            if (page?.AttachedPolicies?.some((attached) => attached.PolicyArn === PolicyArn)) {
                return { role: RoleName, policyArn: PolicyArn };
            }
            Marker = page?.IsTruncated ? page.Marker : undefined;
        } while (Marker !== undefined);
        return undefined;
    },
    async delete(aws, id) {
        const [RoleName, PolicyArn] = splitId(id, "/");
        await unlessMissing(aws.clients.iam.detachRolePolicy({ RoleName, PolicyArn }), missing);
    },
};

/** Resource types of AWS IAM. */
export const iamResources: ResourceTypes = {
    "aws:iam/instanceProfile:InstanceProfile": instanceProfile,
    "aws:iam/policy:Policy": managedPolicy,
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": rolePolicy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
};
