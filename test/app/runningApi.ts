import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** Answer of the API, with the parts that tests compare. */
export interface Answer {
    status: number;
    location: string | null;
    body: unknown;
}

/** Running process of the sample application. */
export class RunningApi {
    private constructor(
        private readonly child: ChildProcess,
        private readonly collected: { output: string },
    ) {}

    /** @param variables the process's complete environment */
    static start(executable: string, variables: NodeJS.ProcessEnv): RunningApi {
        const child = spawn(executable, [], { env: variables, stdio: ["ignore", "pipe", "pipe"] });
        const collected = { output: "" };
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding("utf8").on("data", (text: string) => (collected.output += text));
        }
        return new RunningApi(child, collected);
    }

    /** Output of the process so far. */
    get output(): string {
        return this.collected.output;
    }

    /** Messages of the process's log lines so far, in order. */
    get messages(): string[] {
        return this.lines().map(({ msg }) => String(msg));
    }

    /** Waits until the process listens. @throws Error with its output when it does not within 20 s */
    async listening(): Promise<void> {
        await this.until("listen", () => this.messages.includes("listening"));
    }

    /** Waits until a condition holds. @throws Error after 20 s, or when the process has ended before */
    async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
        for (const deadline = Date.now() + 20_000; !(await condition()); await delay(50)) {
            if (this.child.exitCode !== null || Date.now() > deadline) {
                throw new Error(`The API did not ${what}: ${this.output}`);
            }
        }
    }

    /** Sends one request to the address that the process logged. */
    async request(method: string, target: string, body?: string): Promise<Answer> {
        const address = this.lines().find(({ msg }) => msg === "listening")?.address;
        const headers = body === undefined ? undefined : { "content-type": "application/json" };
        const response = await fetch(`http://${String(address)}${target}`, { method, body, headers });
        return { status: response.status, location: response.headers.get("location"), body: await response.json() };
    }

    /** Sends SIGTERM and waits for the end. @returns the exit code */
    async terminate(): Promise<number | null> {
        if (this.child.exitCode !== null) return this.child.exitCode;
        this.child.kill("SIGTERM");
        return this.ended();
    }

    /** Waits for the process to end by itself. @returns the exit code */
    async ended(): Promise<number | null> {
        if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "close");
        return this.child.exitCode;
    }

    private lines(): Record<string, unknown>[] {
        const complete = this.output.split("\n").slice(0, -1);
        return complete
            .filter((line) => line.startsWith("{"))
            .map((line) => JSON.parse(line) as Record<string, unknown>);
    }
}
