import { BatchGetProjectsCommand, type CodeBuildClient, type ProjectSource } from "@aws-sdk/client-codebuild";
import { RequestError } from "../../requestError";
import type { ApiCall } from "../call/apiRequest";
import { type CallHandler, type Json, jsonAnswer } from "../call/callHandler";
import type { ProjectSettings } from "./projectSettings";

/** Parts of the gateway that serve calls about webhooks. */
export interface WebhookContext {
    /** Projects of CodeBuild, as the emulator keeps them. */
    projects: CodeBuildClient;
    /** Settings of CodeBuild's projects that the emulator drops. */
    projectSettings: ProjectSettings;
}

/** Sources whose Git host can start builds (API reference, CreateWebhook). */
const gitHosts = ["BITBUCKET", "GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_SELF_MANAGED"];

/** Members of CreateWebhook and UpdateWebhook that a webhook keeps. */
const keptMembers = [
    "branchFilter",
    "buildType",
    "filterGroups",
    "pullRequestBuildPolicy",
    "scopeConfiguration",
] as const;

/**
 * Handlers of the calls about webhooks of projects, which the emulator lacks. No Git host is called: `npm run codebuild -- --event` plays
 * its events.
 */
export const webhookCalls: Record<string, CallHandler<WebhookContext>> = {
    "codebuild:CreateWebhook": async (call, context) => {
        const name = String(call.members.projectName);
        const source = await sourceOf(name, context);
        if (!gitHosts.includes(source.type ?? "")) {
            const allowed = gitHosts.join(", ");
            throw new RequestError(
                "InvalidInputException",
                `The source of project ${name} is ${source.type}; webhooks need one of ${allowed}.`,
            );
        }
        if (call.members.manualCreation === true) {
            throw new RequestError("InvalidInputException", "manualCreation is not served offline.");
        }
        if (context.projectSettings.webhook(name) !== undefined) {
            throw new RequestError("ResourceAlreadyExistsException", `Project ${name} has a webhook already.`);
        }
        const webhook = {
            url: hookAddress(source.location ?? ""),
            buildType: "BUILD",
            status: "ACTIVE",
            ...membersToKeep(call),
            lastModifiedSecret: now(),
        };
        context.projectSettings.setWebhook(name, webhook);
        return jsonAnswer({ webhook });
    },
    "codebuild:UpdateWebhook": (call, context) => {
        const name = String(call.members.projectName);
        const changed: Json = { ...existing(name, context), ...membersToKeep(call) };
        if (call.members.rotateSecret === true) changed.lastModifiedSecret = now();
        context.projectSettings.setWebhook(name, changed);
        return jsonAnswer({ webhook: changed });
    },
    "codebuild:DeleteWebhook": (call, context) => {
        const name = String(call.members.projectName);
        existing(name, context);
        context.projectSettings.setWebhook(name, undefined);
        return jsonAnswer({});
    },
};

async function sourceOf(name: string, { projects }: WebhookContext): Promise<ProjectSource> {
    const { projects: found = [] } = await projects.send(new BatchGetProjectsCommand({ names: [name] }));
    const source = found[0]?.source;
    if (source === undefined) throw new RequestError("ResourceNotFoundException", `Project cannot be found: ${name}`);
    return source;
}

function existing(name: string, { projectSettings }: WebhookContext): Json {
    const webhook = projectSettings.webhook(name);
    if (webhook === undefined) throw new RequestError("ResourceNotFoundException", `Project ${name} has no webhook.`);
    return webhook;
}

/** Selects the members of a webhook. @throws RequestError for a filter group that no event can pass (API reference, CreateWebhook) */
function membersToKeep({ members }: ApiCall): Json {
    const groups = (members.filterGroups ?? []) as { type: string }[][];
    if (groups.some((group) => !group.some(({ type }) => type === "EVENT"))) {
        throw new RequestError("InvalidInputException", "Each group of filterGroups needs a filter of type EVENT.");
    }
    const named = keptMembers.filter((member) => members[member] !== undefined);
    return Object.fromEntries(named.map((member) => [member, members[member]]));
}

/** Makes the address of a webhook at the Git host. Its form is the host's own, and nothing calls it. */
function hookAddress(location: string): string {
    return `${location.replace(/\.git$/, "")}/hooks/1`;
}

/** Returns the time in the form of the API: seconds since 1970. */
function now(): number {
    return Date.now() / 1000;
}
