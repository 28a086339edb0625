import assert from "node:assert/strict";
import { parseCommandLine } from "../../../../local/aws/codebuild/commandLine";
import { webhookSourceVersion, webhookVariables } from "../../../../local/aws/codebuild/webhook";

const file = "buildspecs/image.yml";

describe("codebuild: command line", () => {
    it("takes all options", () => {
        const { request, ...rest } = parseCommandLine(
            `--project p --source s --source-version v --buildspec ${file} --event pull_request --head feature --base main
             --env A=1 --env B==x=y --timeout 0.5 --batch`.split(/\s+/),
        );
        const { buildspecOverride, ...start } = request.start;
        assert.match(buildspecOverride ?? "", /^# .*\n[^]*version: 0\.2\n/);
        assert.deepEqual(rest, { project: "p", source: "s", batch: true });
        assert.deepEqual(
            { ...request, start },
            {
                start: {
                    sourceVersion: "v",
                    timeoutInMinutesOverride: 0.5,
                    environmentVariablesOverride: [
                        { name: "A", value: "1" },
                        { name: "B", value: "=x=y" },
                    ],
                },
                checkout: "v",
                initiator: "GitHub-Hookshot/local",
                webhook: { event: "pull_request", head: "feature", base: "main" },
            },
        );
    });

    it("needs none", () => {
        assert.deepEqual(parseCommandLine([]), {
            project: undefined,
            source: undefined,
            batch: false,
            request: {
                start: {
                    sourceVersion: undefined,
                    buildspecOverride: undefined,
                    timeoutInMinutesOverride: undefined,
                    environmentVariablesOverride: [],
                },
                checkout: undefined,
                initiator: "root",
                webhook: undefined,
            },
        });
    });

    const refusals: [line: string, message: RegExp][] = [
        ["--colour", /Unknown option '--colour'/],
        ["--event merge --head x", /^--event is "merge"; allowed: push, pull_request, tag\.$/],
        ["--event push", /^--event push needs --head REF/],
        ["--event pull_request --head x", /^--event pull_request needs --base REF/],
        ["--event push --head x --base y", /^--base is for pull requests; the event is push\.$/],
        ["--head x", /^--head and --base belong to an event/],
        ["--env A", /^--env is "A"; it must be NAME=value\.$/],
        ["--timeout soon", /^--timeout is "soon"; it must be a number of minutes, at most 2160\.$/],
        ["--timeout 0", /^--timeout is "0"/],
        ["--buildspec none.yml", /^--buildspec none\.yml cannot be read/],
    ];
    for (const [line, message] of refusals) {
        it(`refuses ${line}`, () => assert.throws(() => parseCommandLine(line.split(" ")), { message }));
    }

    it("turns events into the variables of a webhook", () => {
        const variables = (event: "push" | "pull_request" | "tag", head: string, base?: string) =>
            Object.entries(webhookVariables({ event, head, base })).map(
                ([name, value]) => `${name.slice(18)}=${value}`,
            );
        assert.deepEqual(variables("push", "main"), ["EVENT=PUSH", "TRIGGER=branch/main", "HEAD_REF=refs/heads/main"]);
        assert.deepEqual(variables("tag", "v1/x"), ["EVENT=PUSH", "TRIGGER=tag/v1/x", "HEAD_REF=refs/tags/v1/x"]);
        assert.deepEqual(variables("pull_request", "refs/heads/f", "main"), [
            "EVENT=PULL_REQUEST_CREATED",
            "TRIGGER=pr/1",
            "HEAD_REF=refs/heads/f",
            "BASE_REF=refs/heads/main",
        ]);
        assert.equal(webhookSourceVersion({ event: "pull_request", head: "f", base: "main" }), "pr/1");
        assert.equal(webhookSourceVersion({ event: "push", head: "main" }), undefined);
    });
});
