import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import {
    BatchGetBuildsCommand,
    type Build,
    CodeBuildClient,
    ListBuildsForProjectCommand,
    RetryBuildCommand,
    StartBuildCommand,
    StopBuildCommand,
    UpdateProjectCommand,
} from "@aws-sdk/client-codebuild";
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { runBatch } from "../../../../local/aws/codebuild";
import { projectRoot } from "../../../../local/paths";
import { accountId, allow, buildspec, outcome, plainEnvironment, region, useCodeBuildWorld } from "./codebuildWorld";

describe("codebuild: API, batches and command", function () {
    this.timeout(120_000);
    const world = useCodeBuildWorld();

    const get = async (id: string): Promise<Build> => {
        const { builds } = await world.codebuild.send(new BatchGetBuildsCommand({ ids: [id] }));
        return builds![0]!;
    };
    const ended = async (id: string): Promise<Build> => {
        for (;;) {
            const build = await get(id);
            if (build.buildComplete) return build;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    };

    it("serves builds to AWS clients: start, look, list, and those of the command too", async () => {
        // GIVEN a build of the command
        const project = await world.project();
        const { build: first } = await world.commands(project, ["export X=1"]);
        // WHEN another one is started by the API, of a folder of this machine
        const sourceDirectory = await world.source({
            "buildspec.yml": buildspec({ build: { commands: ["cat word"] } }),
            word: "here",
        });
        const input = { projectName: project, sourceLocationOverride: `file://${sourceDirectory}` };
        const { build: started } = await world.codebuild.send(new StartBuildCommand(input));
        assert.deepEqual([started?.buildStatus, started?.buildNumber, started?.initiator], ["IN_PROGRESS", 2, "root"]);
        // THEN both are seen, with times that the client understands
        const second = await ended(started!.id!);
        assert.equal(second.buildStatus, "SUCCEEDED");
        assert.ok(second.endTime! > second.startTime! && second.startTime!.getFullYear() > 2000);
        const { ids } = await world.codebuild.send(new ListBuildsForProjectCommand({ projectName: project }));
        assert.deepEqual(ids, [second.id, first.id]);
        assert.deepEqual((await get(first.id)).phases?.length, 11);
        assert.match(
            await world.cloudWatchLog(await world.host.store.read(second.id!).then((build) => build!)),
            /^here$/m,
        );
    });

    it("stops builds", async () => {
        const project = await world.project({
            source: { type: "NO_SOURCE", buildspec: buildspec({ build: { commands: ["sleep 4324"] } }) },
        });
        const sourceLocationOverride = await world.source({});
        const { build } = await world.codebuild.send(
            new StartBuildCommand({ projectName: project, sourceLocationOverride }),
        );
        while ((await get(build!.id!)).currentPhase !== "BUILD")
            await new Promise((resolve) => setTimeout(resolve, 100));
        const stopped = await world.codebuild.send(new StopBuildCommand({ id: build!.id! }));
        assert.deepEqual([stopped.build?.buildStatus, stopped.build?.buildComplete], ["STOPPED", true]);
    });

    const refusals: [what: string, input: object, error: object][] = [
        [
            "a project that is not there",
            { projectName: "none" },
            { name: "ResourceNotFoundException", message: "Project cannot be found: none" },
        ],
        [
            "a source that is not here",
            { projectName: "any", sourceLocationOverride: "https://example.com/app" },
            {
                name: "InvalidInputException",
                message:
                    'sourceLocationOverride is "https://example.com/app"; offline it must be a folder of this machine.',
            },
        ],
    ];
    for (const [what, input, error] of refusals) {
        it(`refuses to build ${what}`, async () => {
            const command = new StartBuildCommand({ projectName: "", ...input });
            await assert.rejects(world.codebuild.send(command), error);
        });
    }

    it("refuses to retry, and knows no builds that are not there", async () => {
        await assert.rejects(world.codebuild.send(new RetryBuildCommand({ id: "a:b" })), {
            name: "InvalidInputException",
            message: "RetryBuild is not served offline. Start the build again.",
        });
        const answer = await world.codebuild.send(new BatchGetBuildsCommand({ ids: ["a:b"] }));
        assert.deepEqual([answer.builds, answer.buildsNotFound], [[], ["a:b"]]);
    });

    it("refuses projects that CodeBuild refuses for their size", async () => {
        const environmentVariables = [{ name: "IMAGES", value: "x".repeat(4097) }];
        await assert.rejects(world.project({ environment: { ...plainEnvironment, environmentVariables } }), {
            name: "InvalidInputException",
            message: /^The variable IMAGES has 4097 characters and may have 4096;/,
        });
        const project = await world.project();
        const source = { type: "NO_SOURCE", buildspec: `version: 0.2\n#${"x".repeat(25_600)}` } as const;
        await assert.rejects(world.codebuild.send(new UpdateProjectCommand({ name: project, source })), {
            name: "InvalidInputException",
            message: /^The buildspec has 25614 characters and may have 25600 within a project;/,
        });
    });

    it("lets callers do to each project what their policies say", async () => {
        // GIVEN a user that may start builds of one project only
        const [mine, other] = [await world.project(), await world.project()];
        const arn = (name: string) => `arn:aws:codebuild:${region}:${accountId}:project/${name}`;
        const UserName = "starter";
        await world.iam.send(new CreateUserCommand({ UserName }));
        const statement = allow(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], arn(mine));
        const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
        await world.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "p", PolicyDocument }));
        const { AccessKey } = await world.iam.send(new CreateAccessKeyCommand({ UserName }));
        const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
        const user = new CodeBuildClient({ ...world.settings, credentials });
        const { build: foreign } = await world.commands(other, ["true"]);
        // WHEN it starts and looks at builds THEN only its own project's are let through
        const source = {
            sourceLocationOverride: await world.source({}),
            buildspecOverride: buildspec({ build: { commands: ["true"] } }),
        };
        const { build } = await user.send(new StartBuildCommand({ projectName: mine, ...source }));
        assert.equal((await ended(build!.id!)).buildStatus, "SUCCEEDED");
        assert.equal(
            (await user.send(new BatchGetBuildsCommand({ ids: [build!.id!] }))).builds?.[0]?.initiator,
            "starter",
        );
        const denied = (action: string) => ({
            name: "AccessDeniedException",
            message: new RegExp(
                `user/starter is not authorized to perform: codebuild:${action} on resource: ${arn(other)}`,
            ),
        });
        await assert.rejects(user.send(new StartBuildCommand({ projectName: other, ...source })), denied("StartBuild"));
        await assert.rejects(user.send(new BatchGetBuildsCommand({ ids: [foreign.id] })), denied("BatchGetBuilds"));
        await assert.rejects(user.send(new StopBuildCommand({ id: foreign.id })), denied("StopBuild"));
    });

    it("runs a build-graph in the order of its dependencies", async () => {
        const batch = {
            "build-graph": [
                { identifier: "last", "depend-on": ["one", "two"], env: { variables: { WORD: "third" } } },
                { identifier: "one", env: { variables: { WORD: "first" }, "compute-type": "BUILD_GENERAL1_LARGE" } },
                { identifier: "plain" },
                { identifier: "two", "ignore-failure": "true", buildspec: "fails.yml" },
                { identifier: "bad", buildspec: "fails.yml" },
                { identifier: "never", "depend-on": ["bad"] },
            ],
        };
        const source = {
            "buildspec.yml": buildspec(
                {
                    build: {
                        commands: ["echo $CODEBUILD_BATCH_BUILD_IDENTIFIER $WORD $GIVEN ${BUILDKIT_ADDRESS:+builder}"],
                    },
                },
                { batch },
            ),
            "fails.yml": buildspec({ build: { commands: ["false"] } }),
        };
        const project = await world.project({
            name: "batched",
            environment: { ...plainEnvironment, privilegedMode: true },
            buildBatchConfig: { serviceRole: `arn:aws:iam::${accountId}:role/batched` },
        });
        const start = { projectName: project, environmentVariablesOverride: [{ name: "GIVEN", value: "given" }] };
        const lines: string[] = [];
        const record = await runBatch(
            { start, sourceDirectory: await world.source(source), initiator: "root" },
            world.host,
            (identifier) => [
                {
                    write: (added) =>
                        Promise.resolve(void lines.push(...added.map(({ text }) => `${identifier}: ${text}`))),
                    close: () => Promise.resolve(),
                },
            ],
            new AbortController().signal,
        );
        const states = record.buildGroups.map(({ identifier, currentBuildSummary }) => [
            identifier,
            currentBuildSummary?.buildStatus,
        ]);
        assert.deepEqual(Object.fromEntries(states), {
            last: "SUCCEEDED",
            one: "SUCCEEDED",
            plain: "SUCCEEDED",
            two: "FAILED",
            bad: "FAILED",
            never: undefined,
        });
        assert.equal(record.buildBatchStatus, "FAILED");
        const [one, last] = ["one: one first given", "last: last third given"].map((line) => lines.indexOf(line));
        assert.ok(one! >= 0 && last! > one!, lines.join("\n"));
        // Of a task with an env, the default is no privileged mode; one without has the project's.
        assert.ok(lines.includes("plain: plain given builder"), lines.join("\n"));
        const build = await get(record.buildGroups[1]!.currentBuildSummary!.arn);
        assert.deepEqual([build.environment?.computeType, build.buildBatchArn], ["BUILD_GENERAL1_LARGE", record.arn]);
    });

    it("tells the builds of a batch the commit, whatever it was started with", async () => {
        const sourceDirectory = await world.source({
            "buildspec.yml": buildspec(
                { build: { commands: ["echo version $CODEBUILD_SOURCE_VERSION"] } },
                { batch: { "build-graph": [{ identifier: "one" }] } },
            ),
        });
        const git = (...args: string[]) =>
            execFileSync("git", ["-C", sourceDirectory, "-c", "user.name=t", "-c", "user.email=t@e", ...args]);
        git("init", "-q", "-b", "main");
        git("add", ".");
        git("commit", "-qm", "first");
        const projectName = await world.project({
            name: "batch-commit",
            buildBatchConfig: { serviceRole: `arn:aws:iam::${accountId}:role/batch-commit` },
        });
        const lines: string[] = [];
        const sink = {
            write: (added: { text: string }[]) => Promise.resolve(void lines.push(...added.map(({ text }) => text))),
            close: () => Promise.resolve(),
        };
        await runBatch(
            { start: { projectName, sourceVersion: "main" }, sourceDirectory, checkout: "main", initiator: "root" },
            world.host,
            () => [sink],
            new AbortController().signal,
        );
        const commit = git("rev-parse", "HEAD").toString().trim();
        assert.ok(lines.includes(`version ${commit}`), lines.join("\n"));
    });

    it("ends a batch with its first failure when told so", async () => {
        // GIVEN a batch that fails fast: one task fails, one would run for ever, one waits
        const batch = {
            "fast-fail": "true",
            "build-graph": [
                { identifier: "bad", buildspec: "fails.yml" },
                { identifier: "endless" },
                { identifier: "waits", "depend-on": ["endless"] },
            ],
        };
        const source = {
            "buildspec.yml": buildspec({ build: { commands: ["tail -f /dev/null"] } }, { batch }),
            "fails.yml": buildspec({ build: { commands: ["false"] } }),
        };
        const project = await world.project({
            name: "fast-fail",
            buildBatchConfig: { serviceRole: `arn:aws:iam::${accountId}:role/fast-fail` },
        });
        // WHEN
        const record = await runBatch(
            { start: { projectName: project }, sourceDirectory: await world.source(source), initiator: "root" },
            world.host,
            () => [],
            new AbortController().signal,
        );
        // THEN
        const builds = await world.host.store.list(project);
        assert.deepEqual(
            record.buildGroups.map(({ currentBuildSummary }) => currentBuildSummary?.buildStatus),
            ["FAILED", "STOPPED", undefined],
            builds.map((build) => outcome(build).message).join("\n"),
        );
        assert.equal(record.buildBatchStatus, "FAILED");
    });

    describe("npm run codebuild", () => {
        let project: string;
        let source: string;
        before(async () => {
            project = await world.project();
            const commands = ["echo for $FOR on $CODEBUILD_WEBHOOK_BASE_REF", "exit $STATUS"];
            source = await world.source({ "buildspec.yml": buildspec({ build: { commands } }) });
        });

        const run = async (...args: string[]) => {
            const command = ["run", "--silent", "codebuild", "--", "--source", source, ...args];
            const child = spawn("npm", command, { cwd: projectRoot, stdio: ["ignore", "pipe", "pipe"] });
            const texts = { out: "", error: "" };
            child.stdout.on("data", (data: Buffer) => (texts.out += data.toString()));
            child.stderr.on("data", (data: Buffer) => (texts.error += data.toString()));
            const [code] = (await once(child, "close")) as [number];
            return { code, ...texts };
        };
        const lastBuild = () =>
            JSON.parse(fs.readFileSync(path.join(world.host.directory, "codebuild", "last.json"), "utf8")) as Build;

        it("shows the log, exits with 0 after success, and leaves the record", async () => {
            const event = ["--event", "pull_request", "--head", "feature", "--base", "main"];
            const { code, out, error } = await run(
                "--project",
                project,
                ...event,
                "--env",
                "FOR=you",
                "--env",
                "STATUS=0",
            );
            assert.equal(code, 0, error);
            assert.match(out, /^for you on refs\/heads\/main$/m);
            assert.doesNotMatch(out, /SUCCEEDED\n$|npm/);
            const build = lastBuild();
            assert.match(error, new RegExp(`^${build.id} SUCCEEDED$`, "m"));
            assert.deepEqual(
                [build.buildStatus, build.sourceVersion, build.initiator],
                ["SUCCEEDED", "pr/1", "GitHub-Hookshot/local"],
            );
        });

        it("exits with 1 after a failure", async () => {
            const { code } = await run("--project", project, "--env", "STATUS=5");
            assert.deepEqual([code, lastBuild().buildStatus], [1, "FAILED"]);
        });

        it("says in one sentence what cannot be done", async () => {
            const none = await run("--project", "none");
            assert.deepEqual([none.code, none.out], [1, ""]);
            assert.match(none.error, /Project cannot be found: none/);
            const undeclared = await run();
            assert.equal(undeclared.code, 1);
            assert.match(
                undeclared.error,
                /Stack local declares no CodeBuild project; run `npm start` first, or name one with --project\./,
            );
            const batch = await run("--project", project, "--batch");
            assert.match(batch.error, /Project .* has no buildBatchConfig, so it runs no batches\./);
        });
    });
});
