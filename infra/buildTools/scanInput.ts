import * as fs from "node:fs";
import * as path from "node:path";
import type { BuildVariables } from "./gitReference";
import { type AllowListEntry, parseAllowList } from "./scanAllowList";
import { severities, type Severity } from "./severity";

/** Repository as ECR's calls name it. */
export interface RepositoryName {
    /** Number of the account. @default - the caller's own */
    registryId?: string;
    repositoryName: string;
}

/** Input of the scan gate. */
export interface ScanInput {
    repository: RepositoryName;
    /** `sha256:…`. */
    digest: string;
    /** Lowest severity that is refused. */
    threshold: Severity;
    allowList: AllowListEntry[];
    /** Longest time to wait for a result, in seconds. */
    deadline: number;
}

/**
 * Reads the input of the scan gate: IMAGE_URI (`repository@sha256:…`), SCAN_LIMIT, and where given SCAN_ALLOW_LIST (a file, from the
 * working directory) and SCAN_DEADLINE (seconds, 600).
 *
 * @throws Error for a missing or wrong variable, and for a wrong allow list
 */
export function readScanInput(variables: BuildVariables, workingDirectory: string): ScanInput {
    return {
        ...imageOf(variables["IMAGE_URI"] ?? ""),
        threshold: thresholdOf(variables["SCAN_LIMIT"] ?? ""),
        allowList: allowListOf(variables["SCAN_ALLOW_LIST"] ?? "", workingDirectory),
        deadline: deadlineOf(variables["SCAN_DEADLINE"] || "600"),
    };
}

function imageOf(uri: string): Pick<ScanInput, "repository" | "digest"> {
    const [, host, repositoryName, digest] = /^([^/]+)\/([^@:]+)(?::[^@]+)?@(sha256:[0-9a-f]{64})$/.exec(uri) ?? [];
    if (host === undefined || repositoryName === undefined || digest === undefined) {
        throw new Error(`The variable IMAGE_URI is "${uri}"; allowed: <repository>@sha256:<64 hexadecimal digits>.`);
    }
    const registryId = /^([0-9]{12})\.dkr[.-]ecr/.exec(host)?.[1];
    return { repository: { ...(registryId !== undefined && { registryId }), repositoryName }, digest };
}

function thresholdOf(text: string): Severity {
    const severity = severities.find((one) => one === text);
    if (severity !== undefined) return severity;
    throw new Error(`The variable SCAN_LIMIT is "${text}"; allowed: ${severities.join(", ")}.`);
}

function allowListOf(file: string, workingDirectory: string): AllowListEntry[] {
    if (file === "") return [];
    let json: string;
    try {
        json = fs.readFileSync(path.resolve(workingDirectory, file), "utf8");
    } catch (error) {
        throw new Error(`The variable SCAN_ALLOW_LIST is "${file}"; allowed: a file (${(error as Error).message}).`);
    }
    return parseAllowList(file, json);
}

function deadlineOf(text: string): number {
    if (/^[0-9]{1,5}$/.test(text)) return Number(text);
    throw new Error(`The variable SCAN_DEADLINE is "${text}"; allowed: a number of seconds.`);
}
