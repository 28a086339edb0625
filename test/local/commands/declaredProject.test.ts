import assert from "node:assert/strict";
import type { WebhookEvent } from "../../../local/aws/codebuild";
import { declaredProject } from "../../../local/commands/declaredProject";

const trusted = { buildProjectName: "shop" };
const both = { ...trusted, pullRequestProjectName: "shop-pull-request" };

describe("declaredProject", () => {
    const table: [what: string, outputs: object, event: WebhookEvent["event"] | undefined, expected: string][] = [
        ["a build that a person starts", both, undefined, "shop"],
        ["a push", both, "push", "shop"],
        ["a tag", both, "tag", "shop"],
        ["a pull request, where it has a project of its own", both, "pull_request", "shop-pull-request"],
        ["a pull request, where it has none", trusted, "pull_request", "shop"],
    ];
    for (const [what, outputs, event, expected] of table) {
        it(`finds the project of ${what}`, () => {
            assert.equal(declaredProject({ ...outputs }, event), expected);
        });
    }

    it("says what to do where there is none", () => {
        assert.throws(() => declaredProject({}, "pull_request"), {
            message: "Stack local declares no CodeBuild project; run `npm start` first, or name one with --project.",
        });
    });
});
