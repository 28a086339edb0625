import * as assert from "node:assert/strict";
import { refuseTarget } from "../../../../../local/aws/gateway/http/requestTarget";

const cases: [url: string, refusal: string | undefined][] = [
    ["/", undefined],
    ["/bucket/a%20b%2Fc?prefix=%zz", undefined],
    ["http://127.0.0.1/_x?a", 'The request is for "http://127.0.0.1/_x"; send a path that begins with a slash.'],
    ["*", 'The request is for "*"; send a path that begins with a slash.'],
    ["/%5fx/%zz", "The path /%5fx/%zz cannot be decoded; send UTF-8 in percent-encoding."],
    ["/%5fx/%ff", "The path /%5fx/%ff cannot be decoded; send UTF-8 in percent-encoding."],
];

describe("gateway: targets of requests", () => {
    for (const [url, refusal] of cases) {
        it(`${refusal === undefined ? "takes" : "refuses"} ${url}`, () => assert.equal(refuseTarget(url), refusal));
    }
});
