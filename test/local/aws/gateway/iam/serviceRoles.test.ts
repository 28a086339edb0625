import * as assert from "node:assert/strict";
import type { IAMClient } from "@aws-sdk/client-iam";
import { apiError } from "../../../../../local/aws/gateway/call/apiError";
import { identify } from "../../../../../local/aws/gateway/call/identify";
import { ServiceRoles } from "../../../../../local/aws/gateway/iam/serviceRoles";

const sourceArn = "arn:aws:codebuild:us-east-1:000000000000:project/app";
const form = new URLSearchParams({ Action: "AssumeRole", RoleArn: "arn:aws:iam::000000000000:role/build" });
const call = identify(
    {
        method: "POST",
        url: "/",
        headers: {
            authorization: "AWS4-HMAC-SHA256 Credential=AKIAX/20261121/us-east-1/sts/aws4_request",
            "content-type": "application/x-www-form-urlencoded",
        },
        body: Buffer.from(form.toString()),
    },
    "us-east-1",
);
const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "codebuild.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** Lists the calls of a service's request, in order. @param isSigned whether its signature is valid */
async function callsOf(isSigned: boolean): Promise<string[]> {
    const calls: string[] = [];
    const send = (command: object) => {
        calls.push(command.constructor.name.replace(/Command$/, ""));
        return Promise.resolve({ Role: { AssumeRolePolicyDocument: encodeURIComponent(trust) } });
    };
    const roles = new ServiceRoles({ send } as unknown as IAMClient);
    await roles.run(
        call,
        { "x-amz-source-arn": sourceArn },
        {
            authenticate: () =>
                Promise.resolve(isSigned ? undefined : apiError(call, 403, "SignatureDoesNotMatch", "wrong")),
            send: () => Promise.resolve(void calls.push("sent")),
            refuse: ({ status }) => calls.push(`refused with ${status}`),
        },
    );
    return calls;
}

describe("gateway: roles of services", () => {
    it("open their trust for a service's own call, and close it afterwards", async () => {
        assert.deepEqual(await callsOf(true), ["GetRole", "UpdateAssumeRolePolicy", "sent", "UpdateAssumeRolePolicy"]);
    });

    it("are not even looked at for a caller whose signature is not good", async () => {
        assert.deepEqual(await callsOf(false), ["refused with 403"]);
    });
});
