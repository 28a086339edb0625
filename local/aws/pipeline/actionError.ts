import { isDenied } from "../codebuild/phaseError";

/** Failure of an action, as its error details report it. */
export class ActionError extends Error {
    /** @param code code of the details, such as `PermissionError` */
    constructor(
        readonly code: string,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

/** Call that an action makes under its role. */
export interface ActionCall {
    /** ARN of the role. */
    role: string;
    /** IAM action, such as `s3:PutObject`. */
    action: string;
    /** ARN of the resource. */
    resource: string;
}

/** Makes a call and explains its failure. @throws ActionError naming role, action and resource */
export async function explained<T>({ role, action, resource }: ActionCall, send: () => Promise<T>): Promise<T> {
    try {
        return await send();
    } catch (error) {
        if (!(error instanceof Error) || error.name === "AbortError") throw error;
        if (!isDenied(error)) {
            throw new ActionError("JobFailed", `${action} on ${resource} failed: ${error.message}`, { cause: error });
        }
        const sentence = `The role ${role} is not authorized to perform ${action} on ${resource}: ${error.message}`;
        throw new ActionError("PermissionError", sentence, { cause: error });
    }
}
