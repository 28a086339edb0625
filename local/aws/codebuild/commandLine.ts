import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { type WebhookEvent, webhookEvents } from "./webhook";

/** Arguments after `npm run codebuild --`. */
export interface CommandLine {
    /** Name of the project. @default that of stack `local` */
    project?: string;
    /** Source folder. @default the repository */
    source?: string;
    /** Version of the source to check out. @default the files in the folder */
    sourceVersion?: string;
    /** Text of a buildspec instead of the project's. @default the project's */
    buildspec?: string;
    /** Event that starts the build. @default none */
    webhook?: WebhookEvent;
    /** Variables that win over those of project and buildspec. */
    environment: Record<string, string>;
    /** Time limit in minutes; may be a fraction. @default the project's */
    timeout?: number;
    /** Whether the tasks of the buildspec's batch are built. */
    batch: boolean;
}

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

/** Parses the command line. @throws Error of one sentence with the option, its value and the allowed values */
export function parseCommandLine(args: string[]): CommandLine {
    const { values } = parseArgs({ args, options });
    const { event, head, base, timeout } = values;
    return {
        project: values.project,
        source: values.source,
        sourceVersion: values["source-version"],
        buildspec: values.buildspec === undefined ? undefined : readText(values.buildspec),
        webhook: webhookOf(event, head, base),
        environment: Object.fromEntries((values.env ?? []).map(keyAndValue)),
        timeout: timeout === undefined ? undefined : minutes(timeout),
        batch: values.batch,
    };
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

function keyAndValue(entry: string): [string, string] {
    const at = entry.indexOf("=");
    if (at <= 0) throw new Error(`--env is "${entry}"; it must be NAME=value.`);
    return [entry.slice(0, at), entry.slice(at + 1)];
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
