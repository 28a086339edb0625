import * as assert from "node:assert/strict";
import { isAllowed } from "../../../../../local/aws/gateway/call/apiError";

describe("gateway: refusals in answers", () => {
    const cases: [status: number, header: string | undefined, body: string, allowed: boolean][] = [
        [200, undefined, "{}", true],
        [403, undefined, "", false],
        [404, undefined, "<Error><Code>NoSuchKey</Code></Error>", true],
        [400, "RepositoryNotFoundException", "{}", true],
        [400, "AccessDeniedException", "{}", false],
        [400, undefined, '{"__type":"AccessDeniedException","Message":"no"}', false],
        [400, undefined, '{"__type":"com.amazonaws.ssm#AccessDeniedException"}', false],
        [400, undefined, '{"__type": "ParameterNotFound"}', true],
        [400, undefined, "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>", false],
        [400, undefined, '{"__type":"UnrecognizedClientException"}', false],
        [500, undefined, "broken", true],
    ];
    for (const [status, header, body, allowed] of cases) {
        it(`${status} ${header ?? ""} ${body} ${allowed ? "is none" : "is one"}`, () => {
            assert.equal(isAllowed(status, header, body), allowed);
        });
    }
});
