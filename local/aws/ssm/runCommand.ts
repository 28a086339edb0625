import type { STSClient } from "@aws-sdk/client-sts";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { CommandRecord, InvocationRecord } from "./commandRecord";
import type { CommandStore } from "./commandStore";
import type { CommandDocument } from "./document";
import type { ManagedNode } from "./nodes";
import { interpolate } from "./parameters";
import { runShellScript, type ScriptResult } from "./shellStep";

/** Values that a run needs besides the command's record. */
export interface CommandContext {
    commands: CommandStore;
    nodes: ManagedNode[];
    document: CommandDocument;
    /** Client of AWS's administrator that assumes the instances' roles as EC2 does. */
    sts: STSClient;
}

/** First agent version that supports `interpolationType: ENV_VAR`. */
const versionWithVariables = [3, 3, 2746, 0];

/** Interval (milliseconds) between looks for a cancellation. */
const cancelInterval = 200;

/** Runs a command on its nodes to the end, within its limits of parallel invocations and failures. */
export async function runCommandOnNodes(record: CommandRecord, context: CommandContext): Promise<void> {
    const { commands } = context;
    const cancellation = new AbortController();
    const watch = setInterval(() => {
        if (commands.cancelRequested(record.commandId)) cancellation.abort();
    }, cancelInterval);
    const update = async (invocation: InvocationRecord, change: Partial<InvocationRecord>) => {
        Object.assign(invocation, change);
        await commands.writeAsRunner(record);
    };
    try {
        await commands.writeAsRunner(record);
        const waiting = [...record.invocations];
        const work = async () => {
            for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
                if (cancellation.signal.aborted) {
                    await update(next, { status: "Cancelled", statusDetails: "Cancelled" });
                } else if (failures(record) > share(record.maxErrors, record.invocations.length)) {
                    await update(next, { status: "Cancelled", statusDetails: "Terminated" });
                } else {
                    await update(next, { status: "InProgress", statusDetails: "InProgress", startTime: now() });
                    const result = await runOnNode(record, next, context, cancellation.signal);
                    await update(next, { ...result, endTime: now() });
                }
            }
        };
        const atOnce = Math.max(1, share(record.maxConcurrency, record.invocations.length));
        await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work));
    } finally {
        clearInterval(watch);
    }
}

function failures({ invocations }: CommandRecord): number {
    return invocations.filter(({ status }) => status === "Failed" || status === "TimedOut").length;
}

/** Computes `5`, or `10%` of all. */
function share(limit: string, all: number): number {
    return limit.endsWith("%") ? Math.floor((all * parseInt(limit, 10)) / 100) : Number(limit);
}

async function runOnNode(
    record: CommandRecord,
    { instanceId }: InvocationRecord,
    { commands, nodes, document, sts }: CommandContext,
    signal: AbortSignal,
): Promise<ScriptResult> {
    const node = nodes.find((one) => one.instanceId === instanceId);
    if (node === undefined || node.pingStatus !== "Online") {
        return { status: "Failed", statusDetails: "Undeliverable", responseCode: -1, stdout: "", stderr: "" };
    }
    const credentials = await instanceCredentials(sts, node);
    const whole: ScriptResult = {
        status: "Success",
        statusDetails: "Success",
        responseCode: 0,
        stdout: "",
        stderr: "",
    };
    for (const step of document.mainSteps) {
        if (step.precondition !== undefined && step.precondition.StringEquals[1] !== "Linux") continue;
        const { script, environment } = interpolate(document, step, record.values, knowsVariables(node));
        const result = await runShellScript({
            script,
            environment: { ...node.environment, ...credentials, ...environment },
            folder: `${commands.runFolder(record.commandId, instanceId)}/${step.name}`,
            timeoutSeconds: Number(step.inputs.timeoutSeconds),
            signal,
        });
        Object.assign(whole, result, { stdout: whole.stdout + result.stdout, stderr: whole.stderr + result.stderr });
        if (result.status !== "Success") break;
    }
    return whole;
}

/** Fetches credentials of the instance profile's role; on EC2 the instance's metadata give them. */
async function instanceCredentials(sts: STSClient, node: ManagedNode): Promise<Record<string, string>> {
    const session = { RoleArn: node.roleArn, RoleSessionName: node.instanceId };
    const { Credentials } = await sts.send(new AssumeRoleCommand(session));
    return {
        AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? "",
        AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? "",
        AWS_SESSION_TOKEN: Credentials?.SessionToken ?? "",
    };
}

function knowsVariables({ agentVersion }: ManagedNode): boolean {
    const numbers = agentVersion.split(".").map(Number);
    const difference = versionWithVariables.findIndex((number, index) => number !== (numbers[index] ?? 0));
    return difference === -1 || (numbers[difference] ?? 0) > (versionWithVariables[difference] ?? 0);
}

function now(): number {
    return Date.now() / 1000;
}
