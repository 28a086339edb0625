import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { type WebhookEvent, webhookEvents } from "./webhook";

const text = { type: "string" } as const;
const options = {
    project: text,
    source: text,
    "source-version": text,
    buildspec: text,
    event: text,
    head: text,
    base: text,
    env: { type: "string", multiple: true },
    timeout: text,
    batch: { type: "boolean", default: false },
} as const;

/**
 * Parses the arguments after `npm run codebuild --`.
 *
 * @returns the build's request, without the project, which is that of stack `local` by default, and without the source folder, by default
 * the repository. `batch`: whether the tasks of the buildspec's batch are built
 * @throws Error of one sentence with the option, its value and the allowed values
 */
export function parseCommandLine(args: string[]) {
    const { values } = parseArgs({ args, options });
    const { project, source, buildspec, event, head, base, timeout, batch } = values;
    const webhook = webhookOf(event, head, base);
    const start = {
        sourceVersion: values["source-version"],
        buildspecOverride: buildspec === undefined ? undefined : readText(buildspec),
        timeoutInMinutesOverride: timeout === undefined ? undefined : minutes(timeout),
        environmentVariablesOverride: (values.env ?? []).map(variable),
    };
    const initiator = webhook === undefined ? "root" : "GitHub-Hookshot/local";
    return { project, source, batch, request: { start, checkout: start.sourceVersion, initiator, webhook } };
}

function webhookOf(event?: string, head?: string, base?: string): WebhookEvent | undefined {
    if (event === undefined) {
        if (head === undefined && base === undefined) return undefined;
        throw new Error(`--head and --base belong to an event; give --event ${webhookEvents.join("|")} too.`);
    }
    const known = webhookEvents.find((name) => name === event);
    if (known === undefined) throw new Error(`--event is "${event}"; allowed: ${webhookEvents.join(", ")}.`);
    if (head === undefined) throw new Error(`--event ${event} needs --head REF, the branch or tag that it is about.`);
    if (known === "pull_request" && base === undefined) {
        throw new Error("--event pull_request needs --base REF, the branch that it wants to change.");
    }
    if (known !== "pull_request" && base !== undefined)
        throw new Error(`--base is for pull requests; the event is ${event}.`);
    return { event: known, head, base };
}

function variable(entry: string): { name: string; value: string } {
    const at = entry.indexOf("=");
    if (at <= 0) throw new Error(`--env is "${entry}"; it must be NAME=value.`);
    return { name: entry.slice(0, at), value: entry.slice(at + 1) };
}

function minutes(value: string): number {
    const number = Number(value);
    if (value.trim() !== "" && number > 0 && number <= 2160) return number;
    throw new Error(`--timeout is "${value}"; it must be a number of minutes, at most 2160.`);
}

function readText(file: string): string {
    try {
        return `${fs.readFileSync(file, "utf8").trimEnd()}\n`;
    } catch (error) {
        throw new Error(`--buildspec ${file} cannot be read (${(error as Error).message}).`, { cause: error });
    }
}
