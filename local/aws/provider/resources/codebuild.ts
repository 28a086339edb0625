import type { CreateProjectCommandInput, Project, UpdateProjectCommandInput } from "@aws-sdk/client-codebuild";
import {
    count,
    type Fields,
    flag,
    fromApi,
    listOf,
    object,
    setOf,
    stringMap,
    text,
    toApi,
    type Properties,
} from "../fields";
import type { AwsContext, ResourceType, ResourceTypes } from "../resourceType";
import { webhook } from "./codebuildWebhook";
import { mapOf, region, stringOf, unlessMissing } from "./common";

const artifacts: Fields = {
    type: text({ required: true }),
    artifactIdentifier: text(),
    bucketOwnerAccess: text(),
    encryptionDisabled: flag({ default: false }),
    location: text(),
    name: text({ computed: true }),
    namespaceType: text({ default: "NONE" }),
    overrideArtifactName: flag({ default: false }),
    packaging: text({ default: "NONE" }),
    path: text(),
};

const source: Fields = {
    type: text({ required: true }),
    auth: object({ type: text({ required: true }), resource: text({ required: true }) }),
    buildStatusConfig: object({ context: text(), targetUrl: text() }),
    buildspec: text(),
    gitCloneDepth: count({ computed: true }),
    gitSubmodulesConfig: object({ fetchSubmodules: flag({ required: true }) }),
    insecureSsl: flag({ default: false }),
    location: text(),
    reportBuildStatus: flag({ default: false }),
};

const environment: Fields = {
    type: text({ required: true }),
    image: text({ required: true }),
    computeType: text({ required: true }),
    certificate: text(),
    dockerServer: object({ computeType: text({ required: true }), securityGroupIds: setOf("string") }),
    environmentVariables: listOf({
        name: text({ required: true }),
        value: text({ required: true }),
        type: text({ default: "PLAINTEXT" }),
    }),
    fleet: object({ fleetArn: text() }),
    hostKernel: text({ computed: true }),
    imagePullCredentialsType: text({ default: "CODEBUILD" }),
    privilegedMode: flag({ default: false }),
    registryCredential: object({
        credential: text({ required: true }),
        credentialProvider: text({ required: true }),
    }),
};

const logsConfig: Fields = {
    cloudwatchLogs: object(
        { groupName: text(), status: text({ default: "ENABLED", sendDefault: true }), streamName: text() },
        { apiName: "cloudWatchLogs" },
    ),
    s3Logs: object({
        bucketOwnerAccess: text(),
        encryptionDisabled: flag({ default: false }),
        location: text(),
        status: text({ default: "DISABLED", sendDefault: true }),
    }),
};

/** Inputs that CreateProject and UpdateProject take unchanged, except name and tags. */
const settings: Fields = {
    artifacts: object(artifacts, { required: true }),
    autoRetryLimit: count(),
    buildBatchConfig: object({
        serviceRole: text({ required: true }),
        combineArtifacts: flag(),
        restrictions: object({
            computeTypesAlloweds: listOf("string", { apiName: "computeTypesAllowed" }),
            maximumBuildsAllowed: count(),
        }),
        timeoutInMins: count(),
    }),
    buildTimeout: count({ default: 60, apiName: "timeoutInMinutes" }),
    cache: object({
        type: text({ default: "NO_CACHE", sendDefault: true }),
        location: text(),
        modes: listOf("string"),
        cacheNamespace: text(),
    }),
    concurrentBuildLimit: count(),
    description: text(),
    encryptionKey: text({ computed: true }),
    environment: object(environment, { required: true }),
    fileSystemLocations: setOf({
        identifier: text(),
        location: text(),
        mountOptions: text(),
        mountPoint: text(),
        type: text({ default: "EFS" }),
    }),
    logsConfig: object(logsConfig),
    queuedTimeout: count({ default: 480, apiName: "queuedTimeoutInMinutes" }),
    secondaryArtifacts: setOf({ ...artifacts, artifactIdentifier: text({ required: true }) }),
    secondarySourceVersions: setOf({
        sourceIdentifier: text({ required: true }),
        sourceVersion: text({ required: true }),
    }),
    secondarySources: setOf({ ...source, sourceIdentifier: text({ required: true }) }),
    serviceRole: text({ required: true }),
    source: object(source, { required: true }),
    sourceVersion: text(),
    vpcConfig: object({
        securityGroupIds: setOf("string", { required: true }),
        subnets: setOf("string", { required: true }),
        vpcId: text({ required: true }),
    }),
};

/** Values of UpdateProject that remove a setting that is no longer declared (API reference of CodeBuild, UpdateProject). */
const removed: Partial<UpdateProjectCommandInput> = {
    autoRetryLimit: 0,
    buildBatchConfig: {},
    cache: { type: "NO_CACHE" },
    concurrentBuildLimit: -1,
    description: "",
    fileSystemLocations: [],
    logsConfig: { cloudWatchLogs: { status: "ENABLED" }, s3Logs: { status: "DISABLED" } },
    secondaryArtifacts: [],
    secondarySourceVersions: [],
    secondarySources: [],
    sourceVersion: "",
    vpcConfig: {},
};

function request(inputs: Properties) {
    return {
        ...toApi(settings, inputs, "camelCase"),
        name: stringOf(inputs, "name"),
        badgeEnabled: inputs.badgeEnabled === true,
        tags: Object.entries(mapOf(inputs.tags)).map(([key, value]) => ({ key, value })),
    };
}

/** Finds a project by its id: the ARN, as in Terraform's aws_codebuild_project, or the name at an import. */
async function find(aws: AwsContext, id: string): Promise<Project | undefined> {
    const name = id.split("/").pop() ?? id;
    return (await aws.clients.codebuild.batchGetProjects({ names: [name] })).projects?.[0];
}

const project: ResourceType = {
    inputs: { name: text(), badgeEnabled: flag({ default: false }), ...settings, tags: stringMap(), region },
    computed: ["arn", "badgeUrl", "publicProjectAlias"],
    replaceOn: ["name", "region"],
    autoName: { property: "name", maxLength: 150 },
    async create(aws, inputs) {
        const answer = await aws.clients.codebuild.createProject(request(inputs) as CreateProjectCommandInput);
        return answer.project?.arn ?? stringOf(inputs, "name");
    },
    async read(aws, id) {
        const found = await find(aws, id);
        if (found === undefined) return undefined;
        const tags = (found.tags ?? []).map(({ key, value }) => [key ?? "", value ?? ""] as const);
        return {
            ...fromApi(settings, found, "camelCase"),
            name: found.name,
            badgeEnabled: found.badge?.badgeEnabled,
            tags: tags.length === 0 ? null : Object.fromEntries(tags),
            arn: found.arn,
            badgeUrl: found.badge?.badgeRequestUrl,
            publicProjectAlias: found.publicProjectAlias,
        };
    },
    async update(aws, _id, inputs, changed) {
        const undone = Object.entries(removed).filter(([name]) => changed.has(name) && inputs[name] === undefined);
        await aws.clients.codebuild.updateProject({
            ...Object.fromEntries(undone),
            ...request(inputs),
        });
    },
    async delete(aws, id, known) {
        const name = typeof known.name === "string" ? known.name : (id.split("/").pop() ?? id);
        await unlessMissing(aws.clients.codebuild.deleteProject({ name }), "ResourceNotFoundException");
    },
};

/** Resource types of AWS CodeBuild. */
export const codebuildResources: ResourceTypes = {
    "aws:codebuild/project:Project": project,
    "aws:codebuild/webhook:Webhook": webhook,
};
