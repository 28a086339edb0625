import { z } from "zod";
import { registryKinds, type RegistryRoute } from "./registryRoute";

/** What tests let the registry do instead of serving a request. */
const registryFault = z.strictObject({
    /** Requests of this repository. */
    repository: z.string(),
    /** What the requests are about. */
    kind: z.enum(registryKinds),
    /** HTTP methods of the requests. */
    methods: z.array(z.enum(["GET", "HEAD", "POST", "PATCH", "PUT"])).min(1),
    /** What the tag or digest begins with. @default - any */
    reference: z.string().default(""),
    /** An HTTP status; `reset` ends the connection without an answer, `truncate` in the middle of the answer's body. */
    answer: z.union([z.int().min(400).max(599), z.enum(["reset", "truncate"])]),
    /** How many requests meet the fault. @default - all, until the faults are set anew */
    times: z.int().min(1).optional(),
});

/** As it is asked for, with defaults left out. */
export type RegistryFault = z.input<typeof registryFault>;

/** What a request meets. */
export type FaultyAnswer = RegistryFault["answer"];

/** The faults in force. */
export class RegistryFaults {
    /** Requests that met a fault since the faults were set. */
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

    /** The fault that a request meets, which counts as met. @returns undefined for a request to be served as ever */
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
