/** A request that is refused before there is a build. */
export class RequestError extends Error {
    /** @param code error code of the API */
    constructor(
        readonly code: "InvalidInputException" | "ResourceNotFoundException",
        message: string,
    ) {
        super(message);
    }
}
