import { randomUUID } from "node:crypto";
import type { SendCommandRequest } from "@aws-sdk/client-ssm";
import type { CommandRecord } from "./commandRecord";
import type { ManagedNode } from "./nodes";
import type { Ssm } from "./openSsm";
import { parameterValues } from "./parameters";
import { RequestError } from "../requestError";

/**
 * Checks a SendCommand and finds its nodes; no invocation is run or recorded yet.
 *
 * @returns the record of the command, and its nodes
 * @throws RequestError for an invalid request
 */
export async function prepareCommand(request: Partial<SendCommandRequest>, ssm: Ssm) {
    const { DocumentName = "", DocumentVersion, Parameters = {}, InstanceIds = [], Targets = [] } = request;
    if ((InstanceIds.length === 0) === (Targets.length === 0)) {
        throw new RequestError("InvalidTarget", "Give either InstanceIds or Targets.");
    }
    const { document, version } = ssm.documents.parsed(DocumentName, DocumentVersion);
    const nodes = select(await ssm.nodes.list(), InstanceIds, Targets);
    const targets = Targets.map(({ Key = "", Values = [] }) => ({ Key, Values }));
    const record: CommandRecord = {
        commandId: randomUUID(),
        documentName: DocumentName,
        documentVersion: version,
        comment: request.Comment ?? "",
        values: parameterValues(document, Parameters),
        parameters: Parameters,
        instanceIds: InstanceIds,
        targets,
        maxConcurrency: request.MaxConcurrency ?? "50",
        maxErrors: request.MaxErrors ?? "0",
        timeoutSeconds: request.TimeoutSeconds ?? 3600,
        requestedDateTime: Date.now() / 1000,
        invocations: nodes.map(({ instanceId, computerName }) => ({
            instanceId,
            instanceName: computerName,
            status: "Pending",
            statusDetails: "Pending",
            responseCode: -1,
            stdout: "",
            stderr: "",
        })),
    };
    return { record, nodes };
}

function select(
    nodes: ManagedNode[],
    instanceIds: string[],
    targets: NonNullable<SendCommandRequest["Targets"]>,
): ManagedNode[] {
    const named = [...instanceIds, ...targets.flatMap(({ Key, Values = [] }) => (Key === "InstanceIds" ? Values : []))];
    for (const id of named) {
        if (!nodes.some(({ instanceId, pingStatus }) => instanceId === id && pingStatus === "Online")) {
            throw new RequestError("InvalidInstanceId", `Instances [[${id}]] not in a valid state for account`);
        }
    }
    if (instanceIds.length > 0) return nodes.filter(({ instanceId }) => instanceIds.includes(instanceId));
    return nodes.filter((node) => targets.every(({ Key = "", Values = [] }) => matches(node, Key, Values)));
}

function matches(node: ManagedNode, key: string, values: string[]): boolean {
    if (key === "InstanceIds") return values.includes(node.instanceId);
    if (!key.startsWith("tag:")) {
        throw new RequestError(
            "InvalidTarget",
            `The target key is "${key}"; offline it must be InstanceIds or tag:<key>.`,
        );
    }
    const value = node.tags[key.slice("tag:".length)];
    return value !== undefined && values.includes(value);
}
