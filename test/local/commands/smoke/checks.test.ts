import assert from "node:assert/strict";
import { checks, NotRun } from "../../../../local/commands/smoke/checks";
import type { SmokeRun } from "../../../../local/commands/smoke/smokeRun";

describe("smoke: a check that cannot be run", () => {
    const reasons: [check: string, run: Partial<SmokeRun>, reason: string][] = [
        ["a pull request's build is denied the rest", {}, "no connection"],
        [
            "a pull request's build is denied the rest",
            { pullRequests: { type: "GITHUB", repository: "https://github.com/a/b", connectionArn: "arn" } },
            "there is no stack",
        ],
        ["CodeBuild adopts the image of pulumi up", {}, "there is no stack"],
        ["pulumi up gives the digest of that build", {}, "no code change was built"],
    ];
    for (const [check, run, reason] of reasons) {
        it(`says so without AWS being asked: ${check}: ${reason}`, async () => {
            const found = checks.find((one) => one.check === check);
            await assert.rejects(found!.run(run as SmokeRun), (error: Error) => {
                assert.equal(error.message, reason);
                return error instanceof NotRun;
            });
        });
    }
});
