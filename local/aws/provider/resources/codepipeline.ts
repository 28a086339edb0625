import type { CreatePipelineCommandInput, GetPipelineCommandOutput } from "@aws-sdk/client-codepipeline";
import {
    count,
    type Fields,
    fromApi,
    isProperties,
    listOf,
    object,
    type Properties,
    type PropertyValue,
    stringMap,
    text,
    toApi,
    wholeFromApi,
} from "../fields";
import type { ResourceType, ResourceTypes } from "../resourceType";
import { mapOf, optionalString, region, stringOf, unlessMissing, updateTags } from "./common";

const missing = "PipelineNotFoundException";

const artifactStore: Fields = {
    encryptionKey: object({ id: text({ required: true }), type: text({ required: true }) }),
    location: text({ required: true }),
    type: text({ required: true }),
};

/** Members of an action's type, which pulumi-aws has beside the action's other properties. */
const actionType: Fields = {
    category: text({ required: true }),
    owner: text({ required: true }),
    provider: text({ required: true }),
    version: text({ required: true }),
};

/** Properties of an action that the API takes unchanged. */
const plainAction: Fields = {
    name: text({ required: true }),
    configuration: stringMap(),
    namespace: text(),
    region: text({ computed: true }),
    roleArn: text(),
    runOrder: count({ computed: true }),
    timeoutInMinutes: count(),
};

const artifacts = { inputArtifacts: listOf("string"), outputArtifacts: listOf("string") };

const onFailure = object({
    result: text(),
    retryConfiguration: object({ retryMode: text() }),
});

const patterns = object({ excludes: listOf("string"), includes: listOf("string") });

const gitConfiguration: Fields = {
    sourceActionName: text({ required: true }),
    pullRequests: listOf(
        { branches: patterns, events: listOf("string"), filePaths: patterns },
        { apiName: "pullRequest" },
    ),
    pushes: listOf({ branches: patterns, filePaths: patterns, tags: patterns }, { apiName: "push" }),
};

/** Inputs that the API takes unchanged. */
const settings: Fields = {
    name: text(),
    executionMode: text({ default: "SUPERSEDED" }),
    pipelineType: text({ default: "V1" }),
    roleArn: text({ required: true }),
    triggers: listOf({
        gitConfiguration: object(gitConfiguration, { required: true }),
        providerType: text({ required: true }),
    }),
    variables: listOf({ name: text({ required: true }), defaultValue: text(), description: text() }),
};

const stage: Fields = {
    name: text({ required: true }),
    actions: listOf({ ...actionType, ...plainAction, ...artifacts }, { required: true }),
    onFailure,
};

type Declaration = NonNullable<CreatePipelineCommandInput["pipeline"]>;
type Stage = NonNullable<Declaration["stages"]>[number];
type Action = NonNullable<Stage["actions"]>[number];

const namesOf = (value: PropertyValue) => (value as string[] | undefined)?.map((name) => ({ name }));

function actionToApi(action: Properties): Action {
    return {
        ...toApi(plainAction, action, "camelCase"),
        actionTypeId: toApi(actionType, action, "camelCase"),
        inputArtifacts: namesOf(action.inputArtifacts),
        outputArtifacts: namesOf(action.outputArtifacts),
    } as unknown as Action;
}

function actionFromApi(action: Action): Properties {
    return {
        ...fromApi(plainAction, action, "camelCase"),
        ...fromApi(actionType, action.actionTypeId, "camelCase"),
        inputArtifacts: action.inputArtifacts?.map(({ name }) => name),
        outputArtifacts: action.outputArtifacts?.map(({ name }) => name),
    };
}

/** Makes the declaration; the API has one store without a Region, or a map of them by Region. */
function declarationOf(inputs: Properties): Declaration {
    const stores = ((inputs.artifactStores ?? []) as Properties[]).map((store) => ({
        region: optionalString(store, "region"),
        store: toApi(artifactStore, store, "camelCase"),
    }));
    const [first] = stores;
    const isOne = stores.length === 1 && first?.region === undefined;
    const byRegion = Object.fromEntries(stores.map(({ region: name, store }) => [name ?? "", store]));
    return {
        ...toApi(settings, inputs, "camelCase"),
        ...(isOne ? { artifactStore: first?.store } : { artifactStores: byRegion }),
        stages: ((inputs.stages ?? []) as Properties[]).map((one) => ({
            ...toApi({ name: stage.name!, onFailure }, one, "camelCase"),
            actions: (one.actions as Properties[]).map(actionToApi),
        })),
    } as unknown as Declaration;
}

function inputsOf({ pipeline }: GetPipelineCommandOutput): Properties {
    const { artifactStore: one, artifactStores = {}, stages = [] } = pipeline ?? {};
    const stores = one === undefined ? Object.entries(artifactStores) : ([[undefined, one]] as const);
    return {
        ...wholeFromApi(settings, pipeline, "camelCase"),
        artifactStores: stores.map(([name, store]) => ({
            ...fromApi(artifactStore, store, "camelCase"),
            ...(name !== undefined && { region: name }),
        })),
        stages: stages.map((each) => ({
            ...fromApi({ name: stage.name!, onFailure }, each, "camelCase"),
            actions: (each.actions ?? []).map(actionFromApi),
        })),
    };
}

/** Makes the output `triggerAlls`: the triggers with each object in a list, as Terraform reports computed blocks. */
function triggerAlls(triggers: PropertyValue): PropertyValue {
    const listed = (value: PropertyValue): PropertyValue => {
        if (Array.isArray(value)) return value.map((item) => (isProperties(item) ? inLists(item) : item));
        return isProperties(value) ? [inLists(value)] : value;
    };
    const inLists = ({ gitConfiguration: git, ...rest }: Properties): Properties => ({
        ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, listed(value)])),
        ...(git !== undefined && { gitConfigurations: listed(git) }),
    });
    return listed(triggers);
}

const tagsOf = (tags: PropertyValue) => Object.entries(mapOf(tags)).map(([key, value]) => ({ key, value }));

const pipeline: ResourceType = {
    inputs: {
        ...settings,
        artifactStores: listOf({ ...artifactStore, region: text() }, { required: true }),
        stages: listOf(stage, { required: true }),
        tags: stringMap(),
        region,
    },
    computed: ["arn", "triggerAlls"],
    replaceOn: ["name", "region"],
    movedByUpdate: ["triggerAlls"],
    autoName: { property: "name", maxLength: 100 },
    async create(aws, inputs) {
        const declaration = declarationOf(inputs);
        await aws.clients.codepipeline.createPipeline({ pipeline: declaration, tags: tagsOf(inputs.tags) });
        return stringOf(inputs, "name");
    },
    async read(aws, id) {
        const { codepipeline } = aws.clients;
        const found = await unlessMissing(codepipeline.getPipeline({ name: id }), missing);
        if (found === undefined) return undefined;
        const arn = found.metadata?.pipelineArn;
        const { tags = [] } = await codepipeline.listTagsForResource({ resourceArn: arn });
        const inputs = inputsOf(found);
        return {
            ...inputs,
            tags: tags.length === 0 ? null : Object.fromEntries(tags.map(({ key, value }) => [key ?? "", value ?? ""])),
            arn,
            triggerAlls: triggerAlls(inputs.triggers),
        };
    },
    async update(aws, _id, inputs, changed, old) {
        const { codepipeline } = aws.clients;
        const resourceArn = stringOf(old, "arn");
        if ([...changed].some((name) => name !== "tags")) {
            await codepipeline.updatePipeline({ pipeline: declarationOf(inputs) });
        }
        await updateTags(old.tags, inputs.tags, {
            tag: (added) => codepipeline.tagResource({ resourceArn, tags: tagsOf(added) }),
            untag: (tagKeys) => codepipeline.untagResource({ resourceArn, tagKeys }),
        });
    },
    async delete(aws, id) {
        await aws.clients.codepipeline.deletePipeline({ name: id });
    },
};

/** Resource types of AWS CodePipeline. */
export const codepipelineResources: ResourceTypes = { "aws:codepipeline/pipeline:Pipeline": pipeline };
