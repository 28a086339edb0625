import { fork } from "node:child_process";
import * as path from "node:path";
import { projectRoot } from "../../local/paths";
import type { Measurement, Task } from "./operations";

/**
 * Makes one measurement in a process of its own, so that neither loaded modules nor memory are left over from another one.
 *
 * @throws Error with the output of the process, when it ends without a measurement
 */
export function runTask(task: Task, signal: AbortSignal): Promise<Measurement> {
    const child = fork(path.join(projectRoot, "local/bootstrap.js"), ["bench/scale/measureTask.ts"], {
        cwd: projectRoot,
        signal,
        stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let output = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.send(task);
    return new Promise((resolve, reject) => {
        child.once("message", (measurement) => resolve(measurement as Measurement));
        child.once("error", reject);
        child.once("close", (code) => {
            const { operation, images } = task;
            reject(
                new Error(
                    `The measurement of ${operation} with ${images} images ended with ${code}:\n${output.trim()}`,
                ),
            );
        });
    });
}
