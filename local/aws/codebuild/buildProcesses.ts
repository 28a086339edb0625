import * as fs from "node:fs";
import { allProcesses, type ProcessIdentity, send, waitForEnd } from "../../machine/processes";

/** How long (milliseconds) processes may take to vanish after SIGKILL. */
const killDeadline = 5_000;

/**
 * Ends all processes of a build, as the end of its host would: those of its process groups and those that left them.
 * They are known by a variable of their environment, which children inherit.
 *
 * @param mark variable and value, such as `CODEBUILD_BUILD_ID=project:id`, or how these begin
 */
export async function endBuildProcesses(mark: string): Promise<void> {
    for (;;) {
        const found = marked(mark);
        if (found.length === 0) return;
        for (const identity of found) send(identity, "SIGKILL");
        await waitForEnd(found, killDeadline);
    }
}

function marked(mark: string): ProcessIdentity[] {
    return allProcesses().filter(
        ({ pid }) => pid !== process.pid && environmentOf(pid).some((text) => text.startsWith(mark)),
    );
}

/** @returns the variables that a process was started with; none when it has ended or belongs to somebody else */
function environmentOf(pid: number): string[] {
    try {
        return fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    } catch {
        return [];
    }
}
