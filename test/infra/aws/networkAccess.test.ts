import assert from "node:assert/strict";
import { networkAccess } from "../../../infra/aws/networkAccess";

describe("networkAccess", () => {
    const account = { partition: "aws", region: "eu-central-1", accountId: "123456789012" };

    it("is none for builds outside a VPC", () => assert.equal(networkAccess(undefined, account), undefined));

    it("names subnets and security groups by ARN", () => {
        const arn = "arn:aws:ec2:eu-central-1:123456789012";
        assert.deepEqual(networkAccess({ subnets: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] }, account), {
            networkInterfaceArns: `${arn}:network-interface/*`,
            subnetArns: [`${arn}:subnet/subnet-1`, `${arn}:subnet/subnet-2`],
            securityGroupArns: [`${arn}:security-group/sg-1`],
        });
    });
});
