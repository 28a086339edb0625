import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { answersIn, callingProgram, hostileCalls, isDenied } from "./hostile/calls";
import type { CallTargets } from "./hostile/callTargets";
import { dockerfileGroups } from "./hostile/dockerfileGroups";
import { contextOf, imageNames } from "./hostile/hostileWorld";
import { hostileReferences, planningProgram, trustedPush } from "./hostile/references";
import { hostileRequests } from "./hostile/requests";
import { sourceGroups } from "./hostile/sourceGroups";
import { HostileSuite } from "./hostile/suite";

describe("hostile pull requests", function () {
    this.timeout(600_000);
    const suite = new HostileSuite();

    before(() => suite.open());

    describe("with a program that runs under the role of pull requests", () => {
        let answers: Map<string, string>;

        before(async () => {
            const { registry, targets } = suite.world;
            const program = callingProgram(registry, hostileCalls(targets), hostileRequests(targets));
            const { succeeded, log } = await suite.world.build({
                buildspec: stringify({ version: 0.2, phases: { build: { commands: ["node hostile.js"] } } }),
                prepare: (_contexts, source) => fs.writeFileSync(path.join(source, "hostile.js"), program),
            });
            assert.ok(succeeded, log);
            answers = answersIn(log);
        });

        const unknown = { outputs: { repositoryUrl: "" } } as unknown as CallTargets;
        for (const { what } of [...hostileCalls(unknown), ...hostileRequests(unknown)]) {
            suite.attempts.expectNone(what, () => {
                const answer = answers.get(what) ?? "nothing is known of it";
                return isDenied(answer) ? undefined : answer;
            });
        }
        suite.expectNothingChanged();
    });

    dockerfileGroups(suite);
    sourceGroups(suite);

    describe("of branches and events with odd names", () => {
        const names = "these names";
        let answers: Map<string, string>;

        before(async () => {
            const program = planningProgram([...hostileReferences(suite.world.mark(names)), trustedPush]);
            const { succeeded, log } = await suite.world.build({
                buildspec: await suite.world.planning('node "$CODEBUILD_SRC_DIR/plans.js"'),
                prepare: (contexts, source) => {
                    fs.writeFileSync(path.join(source, "plans.js"), program);
                    for (const name of imageNames)
                        fs.writeFileSync(path.join(contextOf(contexts, name), "src/file"), "3");
                },
            });
            assert.ok(succeeded, log);
            answers = answersIn(log);
        });

        it("plans to write a cache from a push to the default branch, which shows what is looked for", () => {
            const { origin, writes } = JSON.parse(answers.get(trustedPush.what) ?? "{}") as Record<string, unknown>;
            assert.deepEqual([origin, (writes as string[]).length > 0], ["branch main", true]);
        });
        for (const { what } of hostileReferences("")) {
            suite.attempts.expectNone(`writes no cache from ${what}`, () => {
                const answer = answers.get(what) ?? "{}";
                const { status, origin, isPlanned, writes, isNamed } = JSON.parse(answer) as Record<string, unknown>;
                const isSafe = ["pullRequest", "tag"].includes(String(origin)) && JSON.stringify(writes) === "[]";
                return status === 0 && isPlanned === true && isNamed === false && isSafe ? undefined : answer;
            });
        }
        suite.expectNotRun(names);
        suite.expectNothingChanged();
    });

    // A suite of its own comes after the suites above, a test of this one before them.
    describe("in all", () => {
        it("were tried at least forty times, and none got through", () => {
            const { tried, through } = suite.attempts;
            console.log(`        ${tried} attempts of hostile pull requests, ${through.length} got through`);
            assert.deepEqual(through, []);
            assert.ok(tried >= 40, `${tried} were tried`);
        });
    });
});
