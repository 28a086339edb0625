/** Kinds of events that start builds. */
export const webhookEvents = ["push", "pull_request", "tag"] as const;

/** Event of a repository, as a webhook would report it. */
export interface WebhookEvent {
    event: (typeof webhookEvents)[number];
    /** Branch or tag of the event, with or without `refs/…/`. */
    head: string;
    /** Branch that a pull request is to change. @default none: no pull request */
    base?: string;
}

/** Number of the pull request; any number serves offline. */
const pullRequest = "pr/1";

interface EventForm {
    /** Value of CODEBUILD_WEBHOOK_EVENT. */
    name: string;
    /** Namespace of the head below `refs/`. */
    namespace: "heads" | "tags";
    /** Makes CODEBUILD_WEBHOOK_TRIGGER from the short name of the head. */
    trigger: (name: string) => string;
    /** Version to build, where it is not the commit. */
    sourceVersion?: string;
}

const forms: Record<WebhookEvent["event"], EventForm> = {
    push: { name: "PUSH", namespace: "heads", trigger: (name) => `branch/${name}` },
    pull_request: {
        name: "PULL_REQUEST_CREATED",
        namespace: "heads",
        trigger: () => pullRequest,
        sourceVersion: pullRequest,
    },
    tag: { name: "PUSH", namespace: "tags", trigger: (name) => `tag/${name}` },
};

/**
 * Makes the variables that CodeBuild sets for an event.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
 */
export function webhookVariables({ event, head, base }: WebhookEvent): Record<string, string> {
    const { name, namespace, trigger } = forms[event];
    const headRef = fullRef(head, namespace);
    return {
        CODEBUILD_WEBHOOK_EVENT: name,
        CODEBUILD_WEBHOOK_TRIGGER: trigger(headRef.replace(/^refs\/[^/]+\//, "")),
        CODEBUILD_WEBHOOK_HEAD_REF: headRef,
        ...(base !== undefined && { CODEBUILD_WEBHOOK_BASE_REF: fullRef(base, "heads") }),
    };
}

/** Returns the source version of a build for an event; undefined for the commit. */
export function webhookSourceVersion({ event }: WebhookEvent): string | undefined {
    return forms[event].sourceVersion;
}

function fullRef(name: string, namespace: string): string {
    return name.startsWith("refs/") ? name : `refs/${namespace}/${name}`;
}
