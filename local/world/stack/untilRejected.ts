import { isGrpcError } from "@pulumi/pulumi/errors";

/**
 * Runs an operation of the engine, and ends it when the program leaves a rejected promise unhandled. Pulumi's own language host ends then,
 * since its process has nothing left to do. Inside this process, a resource whose inputs come from another resource would wait for it for
 * ever, when the inputs of that one were rejected.
 *
 * @param signal signal of the caller, which ends the operation as well
 * @param operation function that takes the signal that ends the operation
 * @throws the reason of the rejection, or the error of the operation
 */
export async function untilRejected<T>(
    signal: AbortSignal | undefined,
    operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
    const rejected = new AbortController();
    // An error of the connection says that the engine is ending already.
    const end = (reason: Error) => {
        if (!isGrpcError(reason)) rejected.abort(reason);
    };
    process.on("unhandledRejection", end);
    try {
        return await operation(AbortSignal.any([rejected.signal, ...(signal === undefined ? [] : [signal])]));
    } catch (error) {
        throw rejected.signal.aborted ? rejected.signal.reason : error;
    } finally {
        process.off("unhandledRejection", end);
    }
}
