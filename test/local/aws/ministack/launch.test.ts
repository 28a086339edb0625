import * as assert from "node:assert/strict";
import * as http from "node:http";
import { text } from "node:stream/consumers";
import { isAllowed } from "../../../../local/aws/gateway/call/apiError";
import { type Ministack, startMinistack } from "../../../support/ministack";
import { type AwsRequest, namedKeyRequests } from "./namedKeys";

describe("MiniStack behind its launcher", function () {
    this.timeout(60_000);
    let ministack: Ministack;

    before(async () => {
        ministack = await startMinistack();
    });
    after(() => ministack.stop());

    /** Tells whether a request that does not go through the gateway is served. */
    const isServed = async ({ method, path, headers, body }: AwsRequest) => {
        const options = { socketPath: ministack.socket, method, path, headers };
        const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
            http.request(options, resolve).on("error", reject).end(body);
        });
        const errorType = answer.headers["x-amzn-errortype"]?.toString();
        return isAllowed(answer.statusCode ?? 0, errorType, await text(answer));
    };

    // The id is needed before MiniStack runs, for the names of the tests.
    for (const [index, { what }] of namedKeyRequests("").entries()) {
        it(`does not serve the administrator for ${what}`, async () => {
            // GIVEN a request that names its key without a signature of it WHEN it is sent THEN it is refused
            assert.equal(await isServed(namedKeyRequests(ministack.accessKeyId)[index]!), false);
        });
    }
});
