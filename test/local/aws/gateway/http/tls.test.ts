import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { policy, startWorld, type World } from "../world";

describe("gateway: TLS", function () {
    this.timeout(60_000);
    let world: World;

    before(async () => {
        world = await startWorld();
    });
    after(() => world.stop());

    /** Reads the status of a request by https. */
    function status(ca: string): Promise<number | undefined> {
        const url = `${world.gateway.origin.replace("http:", "https:")}/_gateway/health`;
        return new Promise((resolve, reject) => {
            https.get(url, { ca }, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
        });
    }

    it("answers https on the same port, to clients that trust its certificate", async () => {
        // GIVEN the certificate that the gateway left for its clients
        const certificate = fs.readFileSync(path.join(world.state, "gateway.crt"), "utf8");
        // THEN it is enough for https, and http is served as before
        assert.equal(await status(certificate), 200);
        assert.equal((await fetch(`${world.gateway.origin}/_gateway/health`)).status, 200);
    });

    it("is refused by clients that do not", async () => {
        await assert.rejects(status(""), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    });

    it("keeps the key to itself", () => {
        const { mode } = fs.statSync(path.join(world.state, "certificate.json"));
        assert.equal(mode & 0o777, 0o600);
    });

    it("counts as a TLS endpoint for policies that demand one", async () => {
        // GIVEN a bucket that refuses requests without TLS, and a role that may read it
        await world.admin.s3.send(new CreateBucketCommand({ Bucket: "tls-only" }));
        await world.admin.s3.send(new PutObjectCommand({ Bucket: "tls-only", Key: "key", Body: "content" }));
        const statement = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::tls-only/*" };
        const Condition = { Bool: { "aws:SecureTransport": "false" } };
        const Policy = policy([{ ...statement, Condition }]);
        await world.admin.s3.send(new PutBucketPolicyCommand({ Bucket: "tls-only", Policy }));
        const reader = await world.assumeRole("tls-reader", [
            { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::tls-only/*" },
        ]);
        // THEN the role reads it, though the test speaks http
        const { Body } = await reader.s3.send(new GetObjectCommand({ Bucket: "tls-only", Key: "key" }));
        assert.equal(await Body?.transformToString(), "content");
    });
});
