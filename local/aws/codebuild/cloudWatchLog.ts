import {
    type CloudWatchLogsClient,
    CreateLogGroupCommand,
    CreateLogStreamCommand,
    PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogLine, LogSink } from "./logs";
import { asRole, type RoleCall } from "./phaseError";

/** Limits of one PutLogEvents call (API reference of CloudWatch Logs): bytes with 26 for each event, and events. */
const batchLimits = { bytes: 1_048_576, events: 10_000, eventOverhead: 26 };

/** Limit of unsent bytes, after which writers wait. */
const mostWaiting = 4 * batchLimits.bytes;

/** Time (milliseconds) that a line may wait to be sent together with others. */
const longestWait = 1_000;

/** Stream that a log is written to. */
export interface LogStream {
    groupName: string;
    streamName: string;
    /** ARN of the group, without `:*`. */
    groupArn: string;
    /** ARN of the role that writes the log. */
    role: string;
}

interface Event {
    timestamp: number;
    message: string;
}

/** Splits events into calls within the limits. */
export function batches(events: Event[]): Event[][] {
    const result: Event[][] = [];
    let bytes = Infinity;
    for (const event of events) {
        const size = sizeOf(event);
        const current = result.at(-1);
        if (current === undefined || bytes + size > batchLimits.bytes || current.length === batchLimits.events) {
            result.push([event]);
            bytes = size;
        } else {
            current.push(event);
            bytes += size;
        }
    }
    return result;
}

function sizeOf({ message }: Event): number {
    return Buffer.byteLength(message) + batchLimits.eventOverhead;
}

/** Log in CloudWatch Logs, written in batches with the permissions of the build's role. */
export class CloudWatchSink implements LogSink {
    private waiting: Event[] = [];
    private waitingBytes = 0;
    private sending: Promise<void> = Promise.resolve();
    private timer: NodeJS.Timeout | undefined;
    private failure: Error | undefined;

    private constructor(
        private readonly client: CloudWatchLogsClient,
        private readonly stream: LogStream,
    ) {}

    /** Creates the stream, and its group when it is missing. @throws PhaseError when the role may not */
    static async open(client: CloudWatchLogsClient, stream: LogStream): Promise<CloudWatchSink> {
        const { groupName: logGroupName, streamName: logStreamName } = stream;
        const createStream = () =>
            asRole(call(stream, "logs:CreateLogStream"), () =>
                client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })),
            );
        await createStream().catch(async (error: unknown) => {
            if (!isMissingGroup(error)) throw error;
            await asRole(call(stream, "logs:CreateLogGroup"), () =>
                client.send(new CreateLogGroupCommand({ logGroupName })).catch((failure: Error) => {
                    // Another build has just made it.
                    if (failure.name !== "ResourceAlreadyExistsException") throw failure;
                }),
            );
            await createStream();
        });
        return new CloudWatchSink(client, stream);
    }

    async write(lines: LogLine[]): Promise<void> {
        if (this.failure !== undefined) return;
        for (const { time, text } of lines) {
            // With its end, as CodeBuild writes lines; an event must not be empty.
            const event = { timestamp: time, message: `${text}\n` };
            this.waiting.push(event);
            this.waitingBytes += sizeOf(event);
        }
        this.timer ??= setTimeout(() => this.send(), longestWait);
        if (this.waitingBytes >= batchLimits.bytes) this.send();
        if (this.waitingBytes >= mostWaiting) await this.sending;
    }

    /** Sends the waiting lines. @throws Error of the first failure */
    async flush(): Promise<void> {
        this.send();
        await this.sending;
        if (this.failure !== undefined) throw this.failure;
    }

    close(): Promise<void> {
        return this.flush();
    }

    private send(): void {
        clearTimeout(this.timer);
        this.timer = undefined;
        const events = this.waiting;
        const bytes = this.waitingBytes;
        this.waiting = [];
        this.sending = this.sending
            .then(() => this.put(events))
            .catch((error: Error) => void (this.failure ??= error))
            .finally(() => (this.waitingBytes -= bytes));
    }

    private async put(events: Event[]): Promise<void> {
        const { groupName: logGroupName, streamName: logStreamName } = this.stream;
        for (const logEvents of batches(events)) {
            if (this.failure !== undefined) return;
            await asRole(call(this.stream, "logs:PutLogEvents"), () =>
                this.client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents })),
            );
        }
    }
}

function call({ role, groupArn, streamName }: LogStream, action: string): RoleCall {
    const resource = action === "logs:PutLogEvents" ? `${groupArn}:log-stream:${streamName}` : groupArn;
    return { statusCode: "ACCESS_DENIED", role, action, resource };
}

function isMissingGroup(error: unknown): boolean {
    return error instanceof Error && (error.cause as Error | undefined)?.name === "ResourceNotFoundException";
}
