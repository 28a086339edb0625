import { z } from "zod";

const invocationSchema = z.object({
    instanceId: z.string(),
    instanceName: z.string(),
    status: z.enum(["Pending", "InProgress", "Success", "Cancelled", "TimedOut", "Failed"]),
    /** Status with its reason, such as `ExecutionTimedOut`. */
    statusDetails: z.string(),
    /** Start in seconds since the epoch. */
    startTime: z.number().optional(),
    endTime: z.number().optional(),
    /** Exit code; -1 while there is none. */
    responseCode: z.number(),
    stdout: z.string(),
    stderr: z.string(),
});

export const commandSchema = z.object({
    commandId: z.string(),
    documentName: z.string(),
    documentVersion: z.string(),
    comment: z.string(),
    values: z.record(z.string(), z.string()),
    parameters: z.record(z.string(), z.array(z.string())),
    instanceIds: z.array(z.string()),
    targets: z.array(z.object({ Key: z.string(), Values: z.array(z.string()) })),
    /** Limit of invocations at once; the next field limits failures before no further one begins: `50` or `10%`. */
    maxConcurrency: z.string(),
    maxErrors: z.string(),
    timeoutSeconds: z.number(),
    /** Time of the request in seconds since the epoch. */
    requestedDateTime: z.number(),
    invocations: z.array(invocationSchema),
    /** Process that runs the command; undefined until one does. */
    runner: z.object({ pid: z.number(), startTime: z.number() }).optional(),
});

/** Command and its invocations, as stored. */
export type CommandRecord = z.infer<typeof commandSchema>;

/** Command on one node. */
export type InvocationRecord = z.infer<typeof invocationSchema>;

/** Limits of characters: of each output in GetCommandInvocation, and of all output in ListCommandInvocations. */
const outputLimits = { stdout: 24_000, stderr: 8_000, listed: 2_500 };

const isFinal = ({ status }: InvocationRecord) => status !== "Pending" && status !== "InProgress";

/** Tells whether no invocation of a command runs or waits any more. */
export function hasEnded({ invocations }: CommandRecord): boolean {
    return invocations.every(isFinal);
}

/**
 * Finds the status of a command as a whole.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
function commandStatus({ invocations }: CommandRecord): { Status: string; StatusDetails: string } {
    if (invocations.length === 0) return { Status: "Failed", StatusDetails: "NoInstancesInTag" };
    const has = (status: string) => invocations.some((one) => one.status === status);
    if (!invocations.every(isFinal)) {
        const Status = invocations.every(({ status }) => status === "Pending") ? "Pending" : "InProgress";
        return { Status, StatusDetails: Status };
    }
    const failed = invocations.find(({ status }) => status !== "Success");
    if (failed === undefined) return { Status: "Success", StatusDetails: "Success" };
    // A failed invocation comes before those that were cancelled because of it.
    const Status = ["Failed", "TimedOut", "Cancelled"].find(has) ?? "Failed";
    const { statusDetails } = invocations.find((one) => one.status === Status) ?? failed;
    return { Status, StatusDetails: statusDetails };
}

/** Describes a command as ListCommands and SendCommand answer it. */
export function describeCommand(record: CommandRecord): object {
    const count = (...statuses: string[]) =>
        record.invocations.filter(({ status }) => statuses.includes(status)).length;
    return {
        CommandId: record.commandId,
        DocumentName: record.documentName,
        DocumentVersion: record.documentVersion,
        Comment: record.comment,
        ExpiresAfter: record.requestedDateTime + record.timeoutSeconds,
        Parameters: record.parameters,
        InstanceIds: record.instanceIds,
        Targets: record.targets,
        RequestedDateTime: record.requestedDateTime,
        ...commandStatus(record),
        MaxConcurrency: record.maxConcurrency,
        MaxErrors: record.maxErrors,
        TimeoutSeconds: record.timeoutSeconds,
        TargetCount: record.invocations.length,
        CompletedCount: record.invocations.filter(isFinal).length,
        ErrorCount: count("Failed", "TimedOut"),
        DeliveryTimedOutCount: record.invocations.filter(({ statusDetails }) => statusDetails === "DeliveryTimedOut")
            .length,
    };
}

/** Describes an invocation as ListCommandInvocations answers it. @param details whether with output */
export function describeInvocation(record: CommandRecord, invocation: InvocationRecord, details: boolean): object {
    return {
        CommandId: record.commandId,
        InstanceId: invocation.instanceId,
        InstanceName: invocation.instanceName,
        Comment: record.comment,
        DocumentName: record.documentName,
        DocumentVersion: record.documentVersion,
        RequestedDateTime: record.requestedDateTime,
        Status: invocation.status,
        StatusDetails: invocation.statusDetails,
        CommandPlugins: details
            ? [
                  {
                      Name: "aws:runShellScript",
                      Status: invocation.status,
                      StatusDetails: invocation.statusDetails,
                      ResponseCode: invocation.responseCode,
                      ResponseStartDateTime: invocation.startTime,
                      ResponseFinishDateTime: invocation.endTime,
                      Output: (invocation.stdout + invocation.stderr).slice(0, outputLimits.listed),
                  },
              ]
            : [],
    };
}

/** Describes an invocation as GetCommandInvocation answers it; output is present once it has ended. */
export function describeInvocationResult(record: CommandRecord, invocation: InvocationRecord): object {
    const { startTime, endTime } = invocation;
    const date = (seconds: number | undefined) => (seconds === undefined ? "" : new Date(seconds * 1000).toISOString());
    return {
        CommandId: record.commandId,
        InstanceId: invocation.instanceId,
        Comment: record.comment,
        DocumentName: record.documentName,
        DocumentVersion: record.documentVersion,
        PluginName: "aws:runShellScript",
        ResponseCode: invocation.responseCode,
        ExecutionStartDateTime: date(startTime),
        ExecutionEndDateTime: date(endTime),
        ExecutionElapsedTime:
            startTime === undefined || endTime === undefined ? "" : `PT${(endTime - startTime).toFixed(3)}S`,
        Status: invocation.status,
        StatusDetails: invocation.statusDetails,
        StandardOutputContent: isFinal(invocation) ? invocation.stdout.slice(0, outputLimits.stdout) : "",
        StandardErrorContent: isFinal(invocation) ? invocation.stderr.slice(0, outputLimits.stderr) : "",
        StandardOutputUrl: "",
        StandardErrorUrl: "",
    };
}
