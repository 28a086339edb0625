import { StateMap } from "../../stateFile";
import type { Edits, Json } from "../call/callHandler";

/** Members of CreateProject and UpdateProject that the emulator drops (ministack services/codebuild.py). */
const keptMembers = [
    "autoRetryLimit",
    "buildBatchConfig",
    "cache",
    "concurrentBuildLimit",
    "fileSystemLocations",
    "logsConfig",
    "queuedTimeoutInMinutes",
    "secondaryArtifacts",
    "secondarySourceVersions",
    "secondarySources",
    "vpcConfig",
] as const;

/** Settings of projects that the emulator drops, kept by the project's name. */
export class ProjectSettings extends StateMap<Json> {
    /** Returns the settings of a project. */
    of(name: string): Json {
        return this.get(name) ?? {};
    }

    /** Applies the settings of a request; settings that it does not name stay. */
    change(name: string, members: Json): void {
        const named = keptMembers.filter((member) => members[member] !== undefined);
        const changed: Json = {
            ...this.of(name),
            ...Object.fromEntries(named.map((member) => [member, members[member]])),
        };
        for (const [member, value] of Object.entries(changed)) if (isRemoved(value)) delete changed[member];
        this.set(name, changed);
    }

    /** Returns the project's webhook, in the form of the API; undefined without one. */
    webhook(name: string): Json | undefined {
        return this.of(name).webhook as Json | undefined;
    }

    /** Sets a project's webhook. @param webhook undefined removes it */
    setWebhook(name: string, webhook: Json | undefined): void {
        const settings: Json = { ...this.of(name), webhook };
        if (webhook === undefined) delete settings.webhook;
        this.set(name, settings);
    }
}

/** Tells whether a value removes a setting (API reference, UpdateProject): an empty structure or list, and a limit of -1. */
function isRemoved(value: unknown): boolean {
    return value === -1 || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

const describe = (project: Json, settings: ProjectSettings): Json => ({
    ...project,
    ...settings.of(String(project.name)),
});

/** Parts of the gateway that edit answers about projects. */
export interface ProjectSettingsContext {
    /** Settings of CodeBuild's projects that the emulator drops. */
    projectSettings: ProjectSettings;
}

/** Edits that return dropped settings to answers about projects. */
export const projectEdits: Edits<ProjectSettingsContext> = {
    "codebuild:CreateProject": (body, { members }, { projectSettings }) => {
        projectSettings.delete(String(members.name));
        projectSettings.change(String(members.name), members);
        return { ...body, project: describe(body.project as Json, projectSettings) };
    },
    "codebuild:UpdateProject": (body, { members }, { projectSettings }) => {
        projectSettings.change(String(members.name), members);
        return { ...body, project: describe(body.project as Json, projectSettings) };
    },
    "codebuild:BatchGetProjects": (body, _call, { projectSettings }) => ({
        ...body,
        projects: (body.projects as Json[]).map((project) => describe(project, projectSettings)),
    }),
    "codebuild:DeleteProject": (body, { members }, { projectSettings }) => {
        projectSettings.delete(String(members.name));
        return body;
    },
};
