import * as assert from "node:assert/strict";
import * as http from "node:http";
import { type Ministack, startMinistack } from "../../support/ministack";
import { type AwsRequest, namedKeyRequests } from "./namedKeys";

describe("MiniStack behind its launcher", function () {
    this.timeout(60_000);
    let ministack: Ministack;

    before(async () => {
        ministack = await startMinistack();
    });
    after(() => ministack.stop());

    /** Status of the answer to a request that does not go through the gateway. */
    const ask = ({ method, path, headers, body }: AwsRequest) =>
        new Promise<number | undefined>((resolve, reject) => {
            const options = { socketPath: ministack.socket, method, path, headers };
            const request = http.request(options, (answer) => {
                answer.resume();
                resolve(answer.statusCode);
            });
            request.on("error", reject);
            request.end(body);
        });

    // The id is needed before MiniStack runs, for the names of the tests.
    for (const [index, { what }] of namedKeyRequests("").entries()) {
        it(`does not serve the administrator for ${what}`, async () => {
            // GIVEN a request that names its key without a signature of it WHEN it is sent THEN it is refused
            assert.equal(await ask(namedKeyRequests(ministack.accessKeyId)[index]!), 403);
        });
    }
});
