import assert from "node:assert/strict";
import { documentedPermissions } from "../support/permissionsTable";
import { lint } from "./cfnLint";

describe("the permissions in docs/guides/aws.md", function () {
    this.timeout(60_000);

    it("are actions that IAM knows, and cfn-lint tells one that it does not know", async () => {
        // GIVEN a policy for each resource type, and one with an action that does not exist
        const policy = (actions: string[]) => ({
            Type: "AWS::IAM::ManagedPolicy",
            Properties: {
                PolicyDocument: {
                    Version: "2012-10-17",
                    Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
                },
            },
        });
        const policies = [...documentedPermissions().values(), ["ecr:PutImages"]].map(policy);
        const Resources = Object.fromEntries(policies.map((one, index) => [`Policy${index}`, one]));
        // WHEN cfn-lint reads them
        const findings = await lint({ Resources });
        // THEN it only objects to the last one
        assert.equal(findings.length, 1, findings.join("\n"));
        assert.match(findings[0]!, /putimages/i);
    });
});
