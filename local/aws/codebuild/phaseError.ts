/** Failure of a phase, as its context reports it. */
export class PhaseError extends Error {
    /** @param statusCode code in the phase's context, such as `CLIENT_ERROR` */
    constructor(
        readonly statusCode: string,
        message: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
    }
}

/** Call that the build's role makes. */
export interface RoleCall {
    /** Status code of the context when the call fails. */
    statusCode: string;
    /** ARN of the role. */
    role: string;
    /** IAM action of the call. */
    action: string;
    /** ARN of the resource, or `*` for an action without resources. */
    resource: string;
}

/** Names of errors that mean a missing permission; services differ. */
const denied = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|Forbidden|403)$/;

/** Tells whether an error of an AWS client means a missing permission. */
export function isDenied(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    return denied.test(error.name) || status === 403;
}

/** Makes a call and explains its failure. @throws PhaseError naming role, action and resource */
export async function asRole<T>(call: RoleCall, send: () => Promise<T>): Promise<T> {
    try {
        return await send();
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        const { statusCode, role, action, resource } = call;
        const what = isDenied(error)
            ? `The service role ${role} is not authorized to perform ${action} on ${resource}`
            : `${action} on ${resource} failed`;
        throw new PhaseError(statusCode, `${what}: ${error.message}`, { cause: error });
    }
}
