import assert from "node:assert/strict";
import { nameLimits } from "../../infra/config/nameLimits";
import { loadApiModel } from "../../local/aws/provider/apiModel";
import { apiModelsDirectory } from "../local/aws/provider/support";

describe("the limits of names", () => {
    const longest = (service: string, shape: string): number | undefined => {
        const { max, pattern } = loadApiModel(apiModelsDirectory(), service).shapes[shape]!;
        return max ?? Number(/\{\d+,(\d+)\}\$$/.exec(pattern ?? "")?.[1]);
    };

    const table: [limit: keyof typeof nameLimits, service: string, shape: string][] = [
        ["project", "codebuild", "ProjectName"],
        ["reportGroup", "codebuild", "ReportGroupName"],
        ["policy", "iam", "policyNameType"],
        ["document", "ssm", "DocumentName"],
        ["role", "iam", "roleNameType"],
    ];
    for (const [limit, service, shape] of table) {
        it(`of ${shape} is that of AWS's API model`, () => assert.equal(nameLimits[limit], longest(service, shape)));
    }

    it("of functions is in AWS's documents only, since the model takes an ARN as well", () => {
        assert.deepEqual(
            Object.keys(nameLimits).filter((limit) => !table.some(([one]) => one === limit)),
            ["lambdaFunction"],
        );
    });
});
