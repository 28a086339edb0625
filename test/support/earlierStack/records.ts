import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Deployment } from "@pulumi/pulumi/automation";
import { projectRoot } from "../../../local/paths";
import { recordedFolder } from "./settings";

/** Resource as the engine keeps it. */
interface StateResource {
    urn: string;
    custom: boolean;
    retainOnDelete?: boolean;
}

/** Recorded stack: its resources, without fields that tell nothing about an update. */
export interface StackRecord {
    resources: StateResource[];
}

/** Mark in the place of the registry, whose port differs between worlds. */
const registryMark = "{{registry}}";

/** Fields of a resource that decide what an update does to it. */
const keptFields = [
    "urn",
    "custom",
    "id",
    "type",
    "inputs",
    "outputs",
    "parent",
    "dependencies",
    "provider",
    "additionalSecretOutputs",
    "retainOnDelete",
];

/** Length of the longest text in a record. Only the build tools are longer, and their object has another name with each change. */
const longestText = 30_000;

/** Names the file of a record. */
export function recordFile(name: string): string {
    return path.join(projectRoot, recordedFolder, `${name}.json`);
}

/** Makes a record of a stack's exported state. Secrets, the world's address and long texts are left out. */
export function recordOf({ deployment }: Deployment, registry: string): StackRecord {
    const { resources } = deployment as StackRecord;
    const trimmed = resources.map((resource) =>
        Object.fromEntries(
            Object.entries(resource).filter(
                ([field]) => keptFields.includes(field) && (field !== "outputs" || resource.custom),
            ),
        ),
    );
    const text = JSON.stringify(trimmed, (key, value: unknown) => {
        if (key === "plaintext") return JSON.stringify("secret");
        return typeof value === "string" && value.length > longestText ? "left out" : value;
    });
    return { resources: JSON.parse(text.replaceAll(registry, registryMark)) as StateResource[] };
}

/**
 * Reads a record for a stack of this world.
 *
 * @param exported exported state of the new stack, which gets the recorded resources
 */
export function readRecord(name: string, exported: Deployment, registry: string): Deployment & StackRecord {
    const text = readFileSync(recordFile(name), "utf8").replaceAll(registryMark, registry);
    const { resources } = JSON.parse(text) as StackRecord;
    return { ...exported, deployment: { ...(exported.deployment as object), resources }, resources };
}
