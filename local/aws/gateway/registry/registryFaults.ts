import { z } from "zod";
import { registryKinds, type RegistryRoute } from "./registryRoute";

/** Fault that tests ask of the registry instead of an answer. */
const registryFault = z.strictObject({
    /** Repository of the requests. */
    repository: z.string(),
    /** Kind of the requests. */
    kind: z.enum(registryKinds),
    /** HTTP methods of the requests. */
    methods: z.array(z.enum(["GET", "HEAD", "POST", "PATCH", "PUT"])).min(1),
    /** Prefix of the tag or digest. @default - any */
    reference: z.string().default(""),
    /** Answer: an HTTP status; `reset` ends the connection without an answer, `truncate` in the middle of the answer's body. */
    answer: z.union([z.int().min(400).max(599), z.enum(["reset", "truncate"])]),
    /** Number of requests that meet the fault. @default - all, until the faults are replaced */
    times: z.int().min(1).optional(),
});

/** Fault as tests write it, with defaults left out. */
export type RegistryFault = z.input<typeof registryFault>;

/** Answer of a fault. */
export type FaultyAnswer = RegistryFault["answer"];

/** Faults in force. */
export class RegistryFaults {
    /** Number of requests that met a fault since the faults were set. */
    met = 0;
    private list: z.output<typeof registryFault>[] = [];

    /**
     * Replaces all faults; an empty list ends them.
     *
     * @throws Error naming the fields that are unknown or have a wrong value
     */
    set(faults: unknown): RegistryFault[] {
        const result = z.array(registryFault).safeParse(faults);
        if (!result.success) throw new Error(z.prettifyError(result.error));
        this.met = 0;
        return (this.list = result.data);
    }

    /** Finds the fault that a request meets, and counts it. @returns undefined for a request without a fault */
    take(method: string | undefined, route: RegistryRoute): FaultyAnswer | undefined {
        const fault = this.list.find(
            ({ repository, kind, methods, reference, times }) =>
                (times === undefined || times > 0) &&
                repository === route.repository &&
                kind === route.kind &&
                methods.some((one) => one === method) &&
                route.reference.startsWith(reference),
        );
        if (fault !== undefined) this.met += 1;
        if (fault?.times !== undefined) fault.times -= 1;
        return fault?.answer;
    }
}
