/** Error for a call that the API refuses, with the error code of the real one. */
export class RequestError extends Error {
    /** @param code error code such as `InvalidDocument` */
    constructor(
        readonly code: string,
        message: string,
    ) {
        super(message);
    }
}
