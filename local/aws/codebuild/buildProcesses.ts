import * as fs from "node:fs";
import { allProcesses, type ProcessIdentity, send, waitForEnd } from "../../machine/processes";

/** Time (milliseconds) in which processes must vanish after SIGKILL. */
const killDeadline = 5_000;

/**
 * Ends all processes of a build, as the end of its host would: those of its process groups and those that left the groups. A variable of
 * their environment, which children inherit, identifies them.
 *
 * @param mark variable and value, such as `CODEBUILD_BUILD_ID=project:id`, or the beginning of both
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

/** Reads the variables that a process was started with. @returns none when the process has ended or belongs to another user */
function environmentOf(pid: number): string[] {
    try {
        return fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    } catch {
        return [];
    }
}
