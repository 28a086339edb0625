import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { projectRoot } from "../../local/paths";
import type { SmokeAccount } from "../../local/commands/smoke/account";
import { offlineAccount } from "../../local/commands/smoke/offlineAccount";
import { leftoverAdvice, resultTable, type SmokeResult, writeResult } from "../../local/commands/smoke/report";
import { runSmoke } from "../../local/commands/smoke/run";
import type { SmokeOptions } from "../../local/commands/smoke/smokeRun";
import { engineWorld, type EngineWorld, layeredFiles, writeContext } from "../support/engineWorld";

describe("the smoke run, against the offline world", function () {
    this.timeout(480_000);
    let engine: EngineWorld;
    let folder: string;

    before(async () => {
        engine = await engineWorld();
        folder = path.join(projectRoot, await writeContext("smoke-app", layeredFiles("print('unknown')\n")));
    });

    /** Runs the smoke run. @returns its result, and the plan that it asked about */
    async function run(stackName: string, changed: Partial<SmokeOptions> = {}) {
        let plan = "";
        const result = await runSmoke({
            account: offlineAccount(stackName, engine),
            stackName,
            application: { folder, file: "app/main.py", word: "unknown" },
            confirm: (text) => {
                plan = text;
                return Promise.resolve(true);
            },
            report: () => undefined,
            signal: new AbortController().signal,
            ...changed,
        });
        return { plan, result };
    }

    /** Lists the rows of the table without parts that differ from run to run. */
    const rows = ({ checks }: SmokeResult) =>
        checks.map(({ check, status, detail }) => [
            check,
            status,
            detail.replace(/sha256:[0-9a-f]{64}/g, "<digest>").replace(/\d+/g, "<n>"),
        ]);

    async function repositories(): Promise<string[]> {
        const { repositories = [] } = await offlineAccount("none", engine).clients.ecr.send(
            new DescribeRepositoriesCommand({}),
        );
        return repositories.map(({ repositoryName }) => repositoryName!).filter((name) => name.includes("-smoke"));
    }

    it("passes every check, pull requests included, and leaves nothing", async () => {
        const { region, accountId } = engine.world;
        const connectionArn = `arn:aws:codeconnections:${region}:${accountId}:connection/1`;
        const repository = "https://github.com/example/app.git";
        const { plan, result } = await run("smoke", {
            pullRequests: { type: "GITHUB", repository, connectionArn },
        });
        assert.ok(result);
        assert.deepEqual(
            rows(result),
            [
                ["pulumi up makes the stack", "passed", "<n> create; <digest>"],
                ["CodeBuild adopts the image of pulumi up", "passed", "<digest> adopted, nothing built"],
                ["CodeBuild builds a code change", "passed", "<digest>; <n> steps run, <n> cached"],
                ["pulumi up gives the digest of that build", "passed", "<n> update, <n> replace, <n> same; <digest>"],
                ["the deploy scripts record a release", "passed", "version <n> is live, deployed-smoke is on <digest>"],
                ["pulumi up without a change changes nothing", "passed", "<n> same"],
                ["a pull request's build is denied the rest", "passed", "<n> actions tried, none let through"],
                ["pulumi destroy removes the stack", "passed", "<n> delete"],
                ["nothing is left", "passed", "<n> resources looked for"],
            ],
            JSON.stringify(result.checks, undefined, 1),
        );
        assert.equal(result.passed, true);
        assert.deepEqual(result.leftovers, []);
        assert.deepEqual(await repositories(), []);
        // AND it said beforehand what it would create
        assert.match(plan, new RegExp(`^On account ${accountId} in ${region}, .*throw-away stack smoke,`));
        assert.match(plan, /^It creates: .*\b2 codebuild Project\b.*\b1 ecr Repository\b.*\b1 s3 Bucket\b/m);
        assert.match(plan, /^Two webhooks at https:\/\/github\.com\/example\/app\.git /m);
        // AND the result is a table, and files without the account's number
        const table = resultTable(result);
        for (const { check } of result.checks) assert.ok(table.includes(check), table);
        const account = offlineAccount("smoke", engine);
        const [json, page] = await Promise.all(
            (await writeResult(account.folder, result)).map((file) => fs.readFile(file, "utf8")),
        );
        assert.deepEqual(JSON.parse(json!), result);
        assert.match(page!, /^\| CodeBuild builds a code change \| passed \| [\d.]+ \| sha256:[0-9a-f]{64}; /m);
        for (const text of [json!, page!]) assert.ok(!text.includes(accountId), text);
    });

    it("creates nothing where there is no builder, or where the person says no", async () => {
        const account: SmokeAccount = offlineAccount("smoke-none", engine);
        const [aws, buildx] = account.tools;
        const tools = [aws!, { ...buildx!, command: ["no-such-program", "buildx"], advice: "Install it." }];
        const message =
            "`no-such-program buildx` does not succeed (no-such-program is not installed). Install it. Nothing was created.";
        await assert.rejects(run("smoke-none", { account: { ...account, tools } }), { message });
        assert.equal((await run("smoke-none", { confirm: () => Promise.resolve(false) })).result, undefined);
        assert.deepEqual(await repositories(), []);
    });

    it("goes on to destroy after a failure, says what is left, and cleans up when it runs again", async () => {
        // GIVEN an application that nobody can build
        const Dockerfile = "FROM scratch\nCOPY missing /missing\n";
        const broken = path.join(projectRoot, await writeContext("smoke-broken", { Dockerfile }));
        const application = { folder: broken, file: "Dockerfile", word: "missing" };
        // AND a destroy that fails
        const account = offlineAccount("smoke-broken", engine);
        const openStack: SmokeAccount["openStack"] = async (settings) => {
            const stack = await account.openStack(settings);
            stack.destroy = () => Promise.reject(new Error("the engine was killed"));
            return stack;
        };
        const first = await run("smoke-broken", { application, account: { ...account, openStack } });
        // THEN the run has failed and says how to remove what is left
        assert.ok(first.result);
        const statuses = ({ checks }: SmokeResult) => checks.map(({ status }) => status);
        const notRun = Array.from({ length: 6 }, () => "not run");
        const told = JSON.stringify(first.result, undefined, 1);
        assert.deepEqual(statuses(first.result), ["failed", ...notRun, "failed", "failed"], told);
        assert.match(first.result.checks[0]!.detail, /missing/);
        // AND the check of pull requests says that it had no connection
        const [pullRequests] = rows(first.result).filter(([check]) => check!.startsWith("a pull request's build"));
        assert.deepEqual(pullRequests, ["a pull request's build is denied the rest", "not run", "no connection"]);
        assert.equal(first.result.passed, false);
        const advice = leftoverAdvice(first.result);
        assert.match(
            advice[0]!,
            /^\d+ resources of smoke-broken are left\. Run the command again with --stack smoke-broken/,
        );
        assert.ok(
            advice.includes("  aws ecr delete-repository --force --repository-name cached-image-pipeline-smoke-broken"),
            told,
        );
        // AND the next run of the same name leaves nothing, although it is interrupted as it begins
        const interruption = new AbortController();
        const confirm = () => {
            interruption.abort();
            return Promise.resolve(true);
        };
        const { result } = await run("smoke-broken", { application, confirm, signal: interruption.signal });
        assert.deepEqual(statuses(result!), ["not run", ...notRun, "passed", "passed"], JSON.stringify(result));
        assert.equal(result!.passed, false);
        assert.deepEqual(await repositories(), []);
    });
});
