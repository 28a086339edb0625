import type { CreateWebhookCommandInput, WebhookFilter } from "@aws-sdk/client-codebuild";
import { type Fields, flag, fromApi, listOf, object, type Properties, setOf, text, toApi } from "../fields";
import type { ResourceType } from "../resourceType";
import { region, stringOf, unlessMissing } from "./common";

const missing = "ResourceNotFoundException";

const filterGroup: Fields = {
    filters: listOf({
        type: text({ required: true }),
        pattern: text({ required: true }),
        excludeMatchedPattern: flag({ default: false }),
    }),
};

/** Inputs that the API takes unchanged. */
const settings: Fields = {
    buildType: text({ default: "BUILD" }),
    pullRequestBuildPolicy: object(
        { requiresCommentApproval: text({ required: true }), approverRoles: setOf("string", { computed: true }) },
        { computed: true },
    ),
};

/** Makes the request; the API has a list of lists where pulumi-aws has a set of objects. */
function request(inputs: Properties): CreateWebhookCommandInput {
    const groups = (inputs.filterGroups ?? []) as Properties[];
    return {
        ...toApi(settings, inputs, "camelCase"),
        projectName: stringOf(inputs, "projectName"),
        filterGroups: groups.map((group) => toApi(filterGroup, group, "camelCase").filters as WebhookFilter[]),
    };
}

/** Resource type of a project's webhook. An id is the project's name, as in Terraform's aws_codebuild_webhook. */
export const webhook: ResourceType = {
    inputs: { projectName: text({ required: true }), filterGroups: setOf(filterGroup), ...settings, region },
    computed: ["payloadUrl", "secret", "url"],
    replaceOn: ["projectName", "region"],
    // A project has one webhook.
    deleteBeforeReplace: true,
    secretOutputs: ["secret"],
    async create(aws, inputs) {
        await aws.clients.codebuild.createWebhook(request(inputs));
        return stringOf(inputs, "projectName");
    },
    async read(aws, id) {
        const { projects } = await aws.clients.codebuild.batchGetProjects({ names: [id] });
        const found = projects?.[0]?.webhook;
        if (found === undefined) return undefined;
        const groups = (found.filterGroups ?? []).map((filters) => fromApi(filterGroup, { filters }, "camelCase"));
        return {
            ...fromApi(settings, found, "camelCase"),
            projectName: id,
            filterGroups: groups,
            payloadUrl: found.payloadUrl ?? null,
            // AWS answers it to CreateWebhook only, and only where the webhook is made by hand.
            secret: null,
            url: found.url ?? null,
        };
    },
    async update(aws, _id, inputs) {
        await aws.clients.codebuild.updateWebhook(request(inputs));
    },
    async delete(aws, id) {
        await unlessMissing(aws.clients.codebuild.deleteWebhook({ projectName: id }), missing);
    },
};
