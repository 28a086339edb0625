import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import {
    allow,
    buildspec,
    outcome,
    plainEnvironment,
    region,
    accountId,
    roleArn,
    useCodeBuildWorld,
} from "./codebuildWorld";

describe("codebuild: builds", function () {
    this.timeout(60_000);
    const world = useCodeBuildWorld();

    it("runs the phases on the source under the project's role, and records it as CodeBuild does", async () => {
        // GIVEN a project whose buildspec is in the source
        const project = await world.project();
        const sourceDirectory = await world.source({
            "buildspec.yml": buildspec(
                {
                    install: { commands: ["echo installing $(ls)"] },
                    build: { commands: ["export DIGEST=sha256:1; cd /", "aws sts get-caller-identity --query Arn"] },
                    post_build: { commands: ["pwd; echo succeeding $CODEBUILD_BUILD_SUCCEEDING"] },
                },
                { env: { "exported-variables": ["DIGEST", "UNSET"] } },
            ),
        });
        // WHEN it is built
        const { build, log } = await world.build(project, { sourceDirectory });
        // THEN each phase did its part
        assert.equal(build.buildStatus, "SUCCEEDED", log);
        assert.match(log, /^installing buildspec\.yml$/m);
        assert.match(log, /^\/$\n^succeeding 1$/m);
        const uuid = build.id.slice(-36);
        assert.match(
            log,
            new RegExp(`^"arn:aws:sts::${accountId}:assumed-role/${project}/AWSCodeBuild-${uuid}"$`, "m"),
        );
        // AND the record has the form of BatchGetBuilds
        assert.deepEqual(
            build.phases.map(({ phaseType, phaseStatus }) => `${phaseType} ${phaseStatus}`),
            [
                "SUBMITTED SUCCEEDED",
                "QUEUED SUCCEEDED",
                "PROVISIONING SUCCEEDED",
                "DOWNLOAD_SOURCE SUCCEEDED",
                "INSTALL SUCCEEDED",
                "PRE_BUILD SUCCEEDED",
                "BUILD SUCCEEDED",
                "POST_BUILD SUCCEEDED",
                "UPLOAD_ARTIFACTS SUCCEEDED",
                "FINALIZING SUCCEEDED",
                "COMPLETED undefined",
            ],
        );
        assert.deepEqual(build.exportedEnvironmentVariables, [{ name: "DIGEST", value: "sha256:1" }]);
        assert.equal(build.serviceRole, roleArn(project));
        assert.equal(build.arn, `arn:aws:codebuild:${region}:${accountId}:build/${project}:${uuid}`);
        assert.equal(build.builderStarted, false);
        // AND CloudWatch Logs has what was shown from the moment that the role may write
        const stored = await world.cloudWatchLog(build);
        assert.ok(stored.includes("installing buildspec.yml\n"));
        assert.ok(`${log}\n`.endsWith(stored));
        // AND nothing of its host is left
        assert.deepEqual(readdirSync(path.join(world.host.directory, "data", "codebuild")), []);
    });

    it("says that the machine's own runtimes are used, also where install has no commands", async () => {
        const project = await world.project();
        const phases = { install: { "runtime-versions": { nodejs: "20" } }, build: { commands: ["true"] } };
        const { build, log } = await world.build(project, { start: { buildspecOverride: buildspec(phases) } });
        assert.equal(build.buildStatus, "SUCCEEDED", log);
        assert.match(log, /Runtimes are those of this machine; the buildspec asks for nodejs 20\.$/m);
    });

    it("gives the build nothing of the caller's environment", async () => {
        process.env.CALLERS_SECRET = "leaked";
        try {
            const { log, build } = await world.commands(await world.project(), ["env", "ls -d ~ $TMPDIR"]);
            assert.equal(build.buildStatus, "SUCCEEDED");
            assert.doesNotMatch(log, /CALLERS_SECRET|leaked|AWS_SECRET_ACCESS_KEY|npm_/);
            const { accessKeyId, secretAccessKey } = world.host.world;
            assert.ok(!log.includes(accessKeyId) && !log.includes(secretAccessKey));
            assert.match(log, /^AWS_CONTAINER_AUTHORIZATION_TOKEN=\*\*\*$/m);
            assert.doesNotMatch(log, /^PATH=.*node_modules/m);
            assert.match(log, new RegExp(`^HOME=${world.host.directory}/data/codebuild/`, "m"));
        } finally {
            delete process.env.CALLERS_SECRET;
        }
    });

    it("looks up parameters and secrets with the role, masks them, and lets the start of the build win", async () => {
        // GIVEN a parameter, a secret, and a role that may read both
        await world.ssm.send(new PutParameterCommand({ Name: "/app/tag", Value: "tag-value", Type: "SecureString" }));
        const SecretString = '{"password":"secret-value","port":5432}';
        await world.secretsManager.send(new CreateSecretCommand({ Name: "db", SecretString }));
        const project = await world.project({
            statements: [
                allow("ssm:GetParameters", `arn:aws:ssm:${region}:${accountId}:parameter/app/*`),
                allow("secretsmanager:GetSecretValue", `arn:aws:secretsmanager:${region}:${accountId}:secret:db-*`),
            ],
            environment: {
                type: "LINUX_CONTAINER",
                computeType: "BUILD_GENERAL1_SMALL",
                image: "image",
                environmentVariables: [
                    { name: "FROM_PROJECT", value: "/app/tag", type: "PARAMETER_STORE" },
                    { name: "BOTH", value: "project" },
                ],
            },
        });
        const spec = buildspec(
            {
                build: {
                    commands: [
                        'echo "$FROM_PROJECT $TAG $PASSWORD $PORT $LITERAL $BOTH $THREE"',
                        'printf "secret-"; sleep 0.2; printf "value\\n"',
                        'echo "${#PASSWORD} ${#TAG}"',
                    ],
                },
            },
            {
                env: {
                    variables: { LITERAL: "$HOME", BOTH: "buildspec", THREE: "buildspec" },
                    "parameter-store": { TAG: "/app/tag" },
                    "secrets-manager": { PASSWORD: "db:password", PORT: "db:port" },
                    "exported-variables": ["TAG", "BOTH"],
                },
            },
        );
        // WHEN a build uses them
        const start = { buildspecOverride: spec, environmentVariablesOverride: [{ name: "THREE", value: "start" }] };
        const { build, log } = await world.build(project, { start });
        // THEN the values are there and nowhere in the log, in one piece or two
        assert.equal(build.buildStatus, "SUCCEEDED", log);
        assert.match(log, /^\*\*\* \*\*\* \*\*\* \*\*\* \$HOME project start$/m);
        assert.match(log, /^\*\*\*$/m);
        assert.match(log, /^12 9$/m);
        assert.doesNotMatch(log + (await world.cloudWatchLog(build)), /tag-value|secret-value/);
        // AND neither are they handed out
        assert.deepEqual(build.exportedEnvironmentVariables, [{ name: "BOTH", value: "project" }]);
    });

    it("makes the log group that is missing, also for builds that begin at once", async () => {
        const project = await world.project();
        const builds = await Promise.all(
            [1, 2, 3, 4].map((number) => world.commands(project, [`echo build ${number}`])),
        );
        assert.deepEqual(
            builds.map(({ build }) => outcome(build)),
            builds.map(() => ({ status: "SUCCEEDED", failed: [], message: "" })),
        );
    });

    it("still runs post_build after a failed build, which can tell so", async () => {
        const { build, log } = await world.build(await world.project(), {
            start: {
                buildspecOverride: buildspec({
                    build: { commands: ["exit 3"], finally: ["echo finally"] },
                    post_build: { commands: ["echo succeeding $CODEBUILD_BUILD_SUCCEEDING"] },
                }),
            },
        });
        assert.match(log, /^finally$[^]*^succeeding 0$/m);
        assert.deepEqual(outcome(build), {
            status: "FAILED",
            failed: ["BUILD"],
            message: "Error while executing command: exit 3. Reason: exit status 3",
        });
    });

    it("knows the commit of a work tree and the event that it is built for", async () => {
        const sourceDirectory = await world.source({
            "buildspec.yml": buildspec({
                build: { commands: ["env | grep -E '^CODEBUILD_(WEBHOOK|RESOLVED|SOURCE_V)'"] },
            }),
        });
        const git = (...args: string[]) =>
            execFileSync("git", ["-C", sourceDirectory, "-c", "user.name=t", "-c", "user.email=t@e", ...args], {
                encoding: "utf8",
            }).trim();
        git("init", "-q");
        git("add", ".");
        git("commit", "-qm", "first");
        const commit = git("rev-parse", "HEAD");
        const { build, log } = await world.build(await world.project(), {
            sourceDirectory,
            webhook: { event: "push", head: "main" },
        });
        assert.deepEqual([build.resolvedSourceVersion, build.sourceVersion], [commit, commit]);
        for (const line of [
            `CODEBUILD_RESOLVED_SOURCE_VERSION=${commit}`,
            `CODEBUILD_SOURCE_VERSION=${commit}`,
            "CODEBUILD_WEBHOOK_EVENT=PUSH",
            "CODEBUILD_WEBHOOK_HEAD_REF=refs/heads/main",
            "CODEBUILD_WEBHOOK_TRIGGER=branch/main",
        ]) {
            assert.ok(log.split("\n").includes(line), `${line} is missing in ${log}`);
        }
    });

    it("starts an empty builder only for builds that use one", async () => {
        // GIVEN a build that builds an image in two steps
        const project = await world.project({ environment: { ...plainEnvironment, privilegedMode: true } });
        const sourceDirectory = await world.source({
            Dockerfile: "FROM scratch AS one\nCOPY file /one\nFROM scratch\nCOPY --from=one /one /two\n",
            file: "content",
        });
        const image = [
            'docker-buildx create --name empty --driver remote "$BUILDKIT_ADDRESS" --use',
            "docker-buildx build --progress plain --output type=oci,dest=image.tar .",
        ];
        const start = { buildspecOverride: buildspec({ build: { commands: image } }) };
        for (const time of ["first", "second"]) {
            // WHEN it is built, twice
            const { build, log } = await world.build(project, { sourceDirectory, start });
            // THEN each time a builder was started that knew nothing, and has ended
            assert.equal(build.buildStatus, "SUCCEEDED", log);
            assert.equal(build.builderStarted, true, time);
            assert.doesNotMatch(log, /CACHED/);
        }
        const folder = path.join(world.host.directory, "data", "codebuild");
        assert.deepEqual(await fs.readdir(folder), []);
        assert.ok(!readFileSync("/proc/self/mountinfo", "utf8").includes(folder));
        assert.ok(!processes().some((command) => command.includes(folder)));
    });

    it("has no Docker and no builder without privileged mode", async () => {
        const { build, log } = await world.commands(await world.project(), [
            'echo "builder: ${BUILDKIT_ADDRESS:-none}"',
            'case "$DOCKER_HOST" in unix:*) test ! -e "${DOCKER_HOST#unix:}" ;; *) false ;; esac',
            "! docker-buildx create --name own --driver docker-container --bootstrap",
        ]);
        assert.equal(build.buildStatus, "SUCCEEDED", log);
        assert.match(log, /^builder: none$/m);
    });

    it("ends a command that hangs at the time limit, with all its processes", async () => {
        const start = {
            timeoutInMinutesOverride: 1.5 / 60,
            buildspecOverride: buildspec({
                build: { commands: ["setsid sleep 4321 & sleep 4321"] },
                post_build: { commands: ["echo not reached"] },
            }),
        };
        const { build, log } = await world.build(await world.project(), { start });
        assert.deepEqual(outcome(build), { status: "TIMED_OUT", failed: ["BUILD"], message: "Build has timed out." });
        assert.doesNotMatch(log, /^not reached/m);
        assert.ok(!processes().some((command) => command.includes("sleep 4321")));
    });

    it("stops when it is interrupted", async () => {
        const interruption = new AbortController();
        setTimeout(() => interruption.abort(), 1500);
        const start = { buildspecOverride: buildspec({ build: { commands: ["sleep 4322"] } }) };
        const { build } = await world.build(await world.project(), { start }, interruption.signal);
        assert.deepEqual(outcome(build), { status: "STOPPED", failed: ["BUILD"], message: "Build was stopped." });
        assert.ok(!processes().some((command) => command.includes("4322")));
    });

    it("ends what a build leaves running in the background", async () => {
        const { build } = await world.commands(await world.project(), ["setsid sleep 4323 & nohup sleep 4323 &"]);
        assert.equal(build.buildStatus, "SUCCEEDED");
        assert.ok(!processes().some((command) => command.includes("4323")));
    });

    it("goes on after a command that kills its shell", async () => {
        const { build, log } = await world.build(await world.project(), {
            start: {
                buildspecOverride: buildspec({
                    install: { commands: ["kill -9 $$"], "on-failure": "CONTINUE" },
                    build: { commands: ["echo built"] },
                }),
            },
        });
        assert.match(log, /^built$/m);
        const message = "Error while executing command: kill -9 $$. Reason: exit status 137";
        assert.deepEqual(outcome(build), { status: "FAILED", failed: ["INSTALL"], message });
    });

    it("takes 100 MB of output and binary output", async () => {
        const project = await world.project({ logsConfig: { cloudWatchLogs: { status: "DISABLED" } } });
        const line = `${"x".repeat(99)}`;
        const { build, log } = await world.commands(project, [
            `yes ${line} | head -c 100000000`,
            "head -c 1000 /dev/urandom; echo; echo the end",
        ]);
        assert.equal(build.buildStatus, "SUCCEEDED");
        assert.equal(log.split("\n").filter((one) => one === line).length, 1_000_000);
        assert.match(log, /^the end$/m);
    });

    const withoutCommands = buildspec({ build: { commands: ["echo not reached"] } });
    const refusals: [what: string, spec: string, failed: string, message: RegExp][] = [
        ["a source without buildspec", "other.yml", "DOWNLOAD_SOURCE", /^The source has no buildspec other\.yml\.$/],
        [
            "a buildspec outside the source",
            "../other.yml",
            "DOWNLOAD_SOURCE",
            /^The buildspec \.\.\/other\.yml is outside/,
        ],
        [
            "a buildspec with a wrong key",
            withoutCommands.replace('"build"', '"biuld"'),
            "DOWNLOAD_SOURCE",
            /^phases\.biuld is no key of the buildspec language; allowed here: install,/,
        ],
        [
            "a buildspec of another version",
            withoutCommands.replace("0.2", "0.1"),
            "DOWNLOAD_SOURCE",
            /^version is "0\.1"/,
        ],
        [
            "a parameter that is missing",
            withoutCommands.replace("{", '{"env":{"parameter-store":{"A":"/app/none"}},'),
            "DOWNLOAD_SOURCE",
            /^parameter does not exist: \/app\/none$/,
        ],
        [
            "a secret that is missing",
            withoutCommands.replace("{", '{"env":{"secrets-manager":{"A":"none:key"}},'),
            "DOWNLOAD_SOURCE",
            /^secretsmanager:GetSecretValue on arn:aws:secretsmanager:.*:secret:none failed: .*can.t find the specified secret/,
        ],
        [
            "a secret that is no JSON",
            withoutCommands.replace("{", '{"env":{"secrets-manager":{"A":"plain:key"}},'),
            "DOWNLOAD_SOURCE",
            /^secret plain is no JSON object; plain:key asks for its key key\.$/,
        ],
        [
            "a secret without the key",
            withoutCommands.replace("{", '{"env":{"secrets-manager":{"A":"object:key"}},'),
            "DOWNLOAD_SOURCE",
            /^secret object has no key key with text; object:key asks for its key key\.$/,
        ],
    ];
    describe("bad input", () => {
        let project: string;
        before(async () => {
            project = await world.project({
                statements: [allow(["ssm:GetParameters", "secretsmanager:GetSecretValue"], "*")],
            });
            await world.secretsManager.send(new CreateSecretCommand({ Name: "plain", SecretString: "text" }));
            await world.secretsManager.send(new CreateSecretCommand({ Name: "object", SecretString: '{"other":"x"}' }));
        });
        for (const [what, spec, failed, message] of refusals) {
            it(`fails before any command with ${what}`, async () => {
                const { build, log } = await world.build(project, { start: { buildspecOverride: spec } });
                const { message: said, ...rest } = outcome(build);
                assert.deepEqual(rest, { status: "FAILED", failed: [failed] });
                assert.match(said, message);
                assert.doesNotMatch(said, /\n/);
                assert.doesNotMatch(log, /^not reached$/m);
            });
        }

        it("refuses a project that is not there", async () => {
            await assert.rejects(world.build("none"), {
                code: "ResourceNotFoundException",
                message: "Project cannot be found: none",
            });
        });

        it("says that the source is missing", async () => {
            const { build } = await world.build(project, { sourceDirectory: "/none" });
            assert.equal(outcome(build).message, "The source folder /none does not exist.");
        });
    });
});

/** Lists the command lines of all processes. */
function processes(): string[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => {
            try {
                return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
            } catch {
                return "";
            }
        });
}
