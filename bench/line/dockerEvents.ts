import * as http from "node:http";
import { createInterface } from "node:readline";
import { once } from "node:events";

/** Event of a Docker daemon, with the parts in use. */
export interface DockerEvent {
    Type: string;
    Action: string;
    Actor: { ID: string; Attributes: Record<string, string> };
    /** Time in nanoseconds since the epoch, exact to microseconds. */
    timeNano: number;
}

/** Events of a Docker daemon from the start of the listener on. */
export class DockerEvents {
    private readonly events: DockerEvent[] = [];

    private constructor(private readonly response: http.IncomingMessage) {
        createInterface({ input: response }).on("line", (line) => this.events.push(JSON.parse(line) as DockerEvent));
        // Ended by stop().
        response.on("error", () => undefined);
    }

    /** Starts to listen. */
    static async listen(socketPath: string): Promise<DockerEvents> {
        const request = http.request({ socketPath, path: "/events" });
        request.end();
        const [response] = (await once(request, "response")) as [http.IncomingMessage];
        return new DockerEvents(response);
    }

    /** Stops to listen. @returns the events in order */
    stop(): DockerEvent[] {
        this.response.destroy();
        return this.events;
    }
}

/** Finds the time of the last event that meets a condition, in milliseconds since the epoch. @throws Error when there was none */
export function lastTime(events: DockerEvent[], what: string, condition: (event: DockerEvent) => boolean): number {
    const event = events.findLast(condition);
    if (event === undefined) throw new Error(`Docker tells of no ${what}.`);
    return event.timeNano / 1e6;
}
