import type { CreateRepositoryCommandInput, Repository } from "@aws-sdk/client-ecr";
import { flag, fromApi, listOf, object, policy, type Properties, stringMap, text, toApi } from "../fields";
import type { AwsContext, ResourceType, ResourceTypes } from "../resourceType";
import { region, stringOf, tagList, tagMap, unlessMissing, updateTags } from "./common";

const repositoryMissing = "RepositoryNotFoundException";

const mutability = {
    imageTagMutability: text({ default: "MUTABLE" }),
    imageTagMutabilityExclusionFilters: listOf({
        filter: text({ required: true }),
        filterType: text({ required: true }),
    }),
};
const scanning = {
    imageScanningConfiguration: object({ scanOnPush: flag({ required: true }) }, { computed: true }),
};
const encryption = { encryptionType: text({ default: "AES256", sendDefault: true }), kmsKey: text({ computed: true }) };

async function describeRepository(aws: AwsContext, name: string): Promise<Repository | undefined> {
    const answer = await unlessMissing(
        aws.clients.ecr.describeRepositories({ repositoryNames: [name] }),
        repositoryMissing,
    );
    return answer?.repositories?.[0];
}

const repository: ResourceType = {
    inputs: {
        name: text(),
        ...mutability,
        ...scanning,
        encryptionConfigurations: listOf(encryption, { computed: true }),
        forceDelete: flag({ default: false }),
        tags: stringMap(),
        region,
    },
    computed: ["arn", "registryId", "repositoryUrl"],
    replaceOn: ["name", "encryptionConfigurations", "region"],
    autoName: { property: "name", maxLength: 256, lowerCase: true },
    async create(aws, inputs) {
        const [declaredEncryption] = (inputs.encryptionConfigurations ?? []) as Properties[];
        const name = stringOf(inputs, "name");
        await aws.clients.ecr.createRepository({
            repositoryName: name,
            ...toApi({ ...mutability, ...scanning }, inputs, "camelCase"),
            encryptionConfiguration: declaredEncryption && toApi(encryption, declaredEncryption, "camelCase"),
            tags: tagList(inputs.tags),
        } as CreateRepositoryCommandInput);
        return name;
    },
    async read(aws, id) {
        const found = await describeRepository(aws, id);
        if (found === undefined) return undefined;
        const tags = await aws.clients.ecr.listTagsForResource({ resourceArn: found.repositoryArn });
        return {
            ...fromApi({ ...mutability, ...scanning }, found, "camelCase"),
            name: found.repositoryName,
            encryptionConfigurations: [fromApi(encryption, found.encryptionConfiguration, "camelCase")],
            tags: tagMap(tags.tags),
            arn: found.repositoryArn,
            registryId: found.registryId,
            repositoryUrl: found.repositoryUri,
        };
    },
    async update(aws, id, inputs, changed, old) {
        const { ecr } = aws.clients;
        const resourceArn = stringOf(old, "arn");
        if (Object.keys(mutability).some((name) => changed.has(name))) {
            await ecr.putImageTagMutability({
                repositoryName: id,
                ...toApi(mutability, inputs, "camelCase"),
            } as Parameters<typeof ecr.putImageTagMutability>[0]);
        }
        if (changed.has("imageScanningConfiguration")) {
            await ecr.putImageScanningConfiguration({
                repositoryName: id,
                ...toApi(scanning, inputs, "camelCase"),
            } as Parameters<typeof ecr.putImageScanningConfiguration>[0]);
        }
        await updateTags(old.tags, inputs.tags, {
            tag: (tags) => ecr.tagResource({ resourceArn, tags: tagList(tags) }),
            untag: (tagKeys) => ecr.untagResource({ resourceArn, tagKeys }),
        });
    },
    async delete(aws, id, known) {
        const force = known.forceDelete === true;
        await unlessMissing(aws.clients.ecr.deleteRepository({ repositoryName: id, force }), repositoryMissing);
    },
};

const lifecyclePolicy: ResourceType = {
    inputs: { repository: text({ required: true }), policy: policy({ required: true }), region },
    computed: ["registryId"],
    // Terraform's aws_ecr_lifecycle_policy makes a new one for every change; the Put call replaces it as a whole.
    replaceOn: ["repository", "policy", "region"],
    deleteBeforeReplace: true,
    async create(aws, inputs) {
        const repositoryName = stringOf(inputs, "repository");
        await aws.clients.ecr.putLifecyclePolicy({ repositoryName, lifecyclePolicyText: stringOf(inputs, "policy") });
        return repositoryName;
    },
    async read(aws, id) {
        const found = await unlessMissing(
            aws.clients.ecr.getLifecyclePolicy({ repositoryName: id }),
            "LifecyclePolicyNotFoundException",
            repositoryMissing,
        );
        if (found === undefined) return undefined;
        return { repository: found.repositoryName, policy: found.lifecyclePolicyText, registryId: found.registryId };
    },
    async delete(aws, id) {
        await unlessMissing(
            aws.clients.ecr.deleteLifecyclePolicy({ repositoryName: id }),
            "LifecyclePolicyNotFoundException",
            repositoryMissing,
        );
    },
};

const repositoryPolicy: ResourceType = {
    inputs: { repository: text({ required: true }), policy: policy({ required: true }), region },
    computed: ["registryId"],
    replaceOn: ["repository", "region"],
    async create(aws, inputs) {
        const repositoryName = stringOf(inputs, "repository");
        await aws.clients.ecr.setRepositoryPolicy({ repositoryName, policyText: stringOf(inputs, "policy") });
        return repositoryName;
    },
    async read(aws, id) {
        const found = await unlessMissing(
            aws.clients.ecr.getRepositoryPolicy({ repositoryName: id }),
            "RepositoryPolicyNotFoundException",
            repositoryMissing,
        );
        if (found === undefined) return undefined;
        return { repository: found.repositoryName, policy: found.policyText, registryId: found.registryId };
    },
    async update(aws, id, inputs) {
        await aws.clients.ecr.setRepositoryPolicy({ repositoryName: id, policyText: stringOf(inputs, "policy") });
    },
    async delete(aws, id) {
        await unlessMissing(
            aws.clients.ecr.deleteRepositoryPolicy({ repositoryName: id }),
            "RepositoryPolicyNotFoundException",
            repositoryMissing,
        );
    },
};

/** Resource types of Amazon ECR. */
export const ecrResources: ResourceTypes = {
    "aws:ecr/repository:Repository": repository,
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": lifecyclePolicy,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": repositoryPolicy,
};
