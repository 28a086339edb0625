/** Error for a request that is refused before a build exists. */
export class RequestError extends Error {
    /** @param code error code of the API */
    constructor(
        readonly code: "InvalidInputException" | "ResourceNotFoundException",
        message: string,
    ) {
        super(message);
    }
}
