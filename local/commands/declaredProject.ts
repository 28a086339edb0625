import type { WebhookEvent } from "../aws/codebuild";
import { Fault } from "./command";

/**
 * Finds the project that builds for an event. Pull requests have their own project where the stack has webhooks; the project that pushes
 * builds the rest.
 *
 * @param outputs outputs of stack `local`
 * @param event the event that starts the build; undefined where a person does
 * @throws Fault when the stack declares no project
 */
export function declaredProject(outputs: Record<string, unknown>, event: WebhookEvent["event"] | undefined): string {
    const { buildProjectName, pullRequestProjectName } = outputs;
    const name = (event === "pull_request" ? pullRequestProjectName : undefined) ?? buildProjectName;
    if (typeof name === "string") return name;
    throw new Fault("Stack local declares no CodeBuild project; run `npm start` first, or name one with --project.");
}
