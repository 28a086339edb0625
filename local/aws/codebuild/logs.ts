import { StringDecoder } from "node:string_decoder";
import { SecretMask } from "./masking";

/** Line of a build's log. */
export interface LogLine {
    /** Time in milliseconds since 1970. */
    time: number;
    /** Text of the line without its end. */
    text: string;
}

/** Place that a log is written to. */
export interface LogSink {
    /** Takes lines; resolves when more may come. Never rejects: a sink keeps its failure for `close`. */
    write(lines: LogLine[]): Promise<void>;
    /** Resolves when all lines have arrived. @throws Error of the first failure */
    close(): Promise<void>;
}

/** Length limit of a line, in characters; longer lines are split. CloudWatch Logs takes events of 256 KB. */
const longestLine = 64 * 1024;

/** Log of a build: lines of the runner and the output of commands, without secrets. */
export class BuildLog {
    private readonly mask = new SecretMask();
    private decoder = new StringDecoder("utf8");
    private line = "";

    constructor(private readonly sinks: LogSink[]) {}

    /** Adds a place for all further lines. */
    addSink(sink: LogSink): void {
        this.sinks.push(sink);
    }

    /** Adds values that further lines must not show. */
    hide(values: string[]): void {
        this.mask.add(values);
    }

    /** Writes a line of the runner itself, in CodeBuild's form. */
    async message(text: string): Promise<void> {
        await this.endOutput();
        const lines = this.mask.apply(text).split("\n");
        await this.emit(
            lines.map((line, index) => (index === 0 ? `[Container] ${timestamp(new Date())} ${line}` : line)),
        );
    }

    /** Takes output of a command: any bytes, split anywhere. */
    async output(chunk: Buffer): Promise<void> {
        await this.emit(this.lines(this.mask.take(this.decoder.write(chunk))));
    }

    /** Writes held-back output, since its command has ended. */
    async endOutput(): Promise<void> {
        const rest = this.mask.take(this.decoder.end()) + this.mask.rest();
        this.decoder = new StringDecoder("utf8");
        const lines = this.lines(rest);
        if (this.line !== "") lines.push(this.line);
        this.line = "";
        await this.emit(lines);
    }

    /** Ends the log. @throws Error of the first failure in a sink */
    async close(): Promise<void> {
        await this.endOutput();
        await Promise.all(this.sinks.map((sink) => sink.close()));
    }

    /** Splits text into complete lines and keeps the rest. */
    private lines(text: string): string[] {
        const parts = (this.line + text).split("\n");
        this.line = parts.pop() ?? "";
        const complete = parts.flatMap((part) => pieces(part.replace(/\r$/, "")));
        while (this.line.length >= longestLine) {
            complete.push(this.line.slice(0, longestLine));
            this.line = this.line.slice(longestLine);
        }
        return complete;
    }

    private async emit(lines: string[]): Promise<void> {
        if (lines.length === 0) return;
        const time = Date.now();
        await Promise.all(this.sinks.map((sink) => sink.write(lines.map((text) => ({ time, text })))));
    }
}

function pieces(line: string): string[] {
    if (line.length <= longestLine) return [line];
    return Array.from({ length: Math.ceil(line.length / longestLine) }, (_, index) =>
        line.slice(index * longestLine, (index + 1) * longestLine),
    );
}

/** Formats a time as CodeBuild does: `2026/11/21 12:17:15.123000`. */
function timestamp(date: Date): string {
    const [day = "", time = ""] = date.toISOString().split("T");
    return `${day.replaceAll("-", "/")} ${time.replace("Z", "")}000`;
}

/** Log in a stream of this process. */
export class StreamSink implements LogSink {
    /** @param prefix text at the start of each line */
    constructor(
        private readonly stream: NodeJS.WritableStream,
        private readonly prefix = "",
    ) {}

    async write(lines: LogLine[]): Promise<void> {
        const text = lines.map((line) => `${this.prefix}${line.text}\n`).join("");
        await new Promise<void>((resolve) => this.stream.write(text, () => resolve()));
    }

    close(): Promise<void> {
        return Promise.resolve();
    }
}
