import type { BatchTask } from "./buildspec";
import type { EndStatus, Status } from "./phases";

/** State of a batch's task; a task that can never run counts as stopped. */
export type TaskState = Status | "PENDING";

/**
 * Finds a fault in the tasks of a batch: two with one identifier, a missing dependency, or a circle.
 *
 * @returns one sentence; undefined without a fault
 */
export function problemOfTasks(tasks: BatchTask[]): string | undefined {
    const identifiers = tasks.map(({ identifier }) => identifier);
    const twice = identifiers.find((identifier, index) => identifiers.indexOf(identifier) !== index);
    if (twice !== undefined) return `batch.build-graph has two tasks ${twice}; identifiers must differ.`;
    for (const { identifier, dependOn } of tasks) {
        const missing = dependOn.find((one) => !identifiers.includes(one));
        if (missing === undefined) continue;
        return `batch.build-graph: task ${identifier} depends on ${missing}, which is not there; there are ${identifiers.join(", ")}.`;
    }
    const done = new Set<string>();
    for (let before = -1; before !== done.size;) {
        before = done.size;
        const ready = tasks.filter(({ dependOn }) => dependOn.every((one) => done.has(one)));
        ready.forEach(({ identifier }) => done.add(identifier));
    }
    const circle = identifiers.filter((identifier) => !done.has(identifier));
    return circle.length === 0 ? undefined : `batch.build-graph: ${circle.join(", ")} wait for each other.`;
}

/**
 * Finds the next actions for the tasks that have not begun.
 *
 * @param states states of the tasks by identifier
 * @returns the tasks that can begin, and those that never can, since a task that they depend on failed
 */
export function nextStep(tasks: BatchTask[], states: ReadonlyMap<string, TaskState>) {
    const byIdentifier = new Map(tasks.map((task) => [task.identifier, task]));
    const fine = (identifier: string) =>
        states.get(identifier) === "SUCCEEDED" ||
        (hasEnded(states.get(identifier)) && byIdentifier.get(identifier)?.ignoreFailure === true);
    const pending = tasks.filter(({ identifier }) => states.get(identifier) === "PENDING");
    return {
        start: pending.filter(({ dependOn }) => dependOn.every(fine)),
        stop: pending.filter(({ dependOn }) => dependOn.some((one) => hasEnded(states.get(one)) && !fine(one))),
    };
}

/** Finds the status of a batch whose tasks have all ended: the first failure that may not be ignored decides. */
export function batchStatus(tasks: BatchTask[], states: ReadonlyMap<string, TaskState>): EndStatus {
    const decisive = tasks
        .filter(({ ignoreFailure }) => !ignoreFailure)
        .map(({ identifier }) => states.get(identifier) as EndStatus)
        .filter((status) => status !== "SUCCEEDED");
    return decisive.find((status) => status !== "STOPPED") ?? decisive[0] ?? "SUCCEEDED";
}

function hasEnded(state: TaskState | undefined): boolean {
    return state !== "PENDING" && state !== "IN_PROGRESS";
}
