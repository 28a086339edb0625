import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { requireAvailable } from "../../../infra/delivery/availableConnection";

const arn = "arn:aws:codeconnections:eu-central-1:123456789012:connection/1";

describe("the connection of a delivery pipeline", () => {
    it("may be AVAILABLE", () => assert.equal(requireAvailable(arn, "AVAILABLE"), arn));

    for (const status of ["PENDING", "ERROR"]) {
        it(`may not be ${status}, which one sentence says`, () => {
            assert.throws(
                () => requireAvailable(arn, status),
                new RunError(
                    `The connection ${arn} is ${status}; allowed: AVAILABLE. Finish its set-up in the console, under Connections.`,
                ),
            );
        });
    }
});
