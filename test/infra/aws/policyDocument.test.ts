import assert from "node:assert/strict";
import { policyDocument } from "../../../infra/aws/policyDocument";

describe("policyDocument", () => {
    it("writes version, statement name and effect before the rest, and allows unless told otherwise", () => {
        assert.equal(
            policyDocument([
                { Sid: "Read", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" },
                { Sid: "Refuse", Effect: "Deny", Principal: "*", Action: ["s3:*"], Resource: ["arn:aws:s3:::a"] },
            ]),
            '{"Version":"2012-10-17","Statement":[' +
                '{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"},' +
                '{"Sid":"Refuse","Effect":"Deny","Principal":"*","Action":["s3:*"],"Resource":["arn:aws:s3:::a"]}]}',
        );
    });

    it("leaves out what a statement does not have", () => {
        assert.equal(
            policyDocument([{ Sid: "A", Action: "sts:AssumeRole", Condition: undefined }]),
            '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"sts:AssumeRole"}]}',
        );
    });
});
