import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { BatchGetReportsCommand, DescribeTestCasesCommand } from "@aws-sdk/client-codebuild";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { cachePlace, copyName } from "../../../../local/aws/codebuild/cache";
import {
    accountId,
    allow,
    bucket,
    buildspec,
    mayWriteLog,
    outcome,
    region,
    roleArn,
    useCodeBuildWorld,
} from "./codebuildWorld";

const objects = (prefix: string) => `arn:aws:s3:::${bucket}/${prefix}*`;
const mayUseCache = [
    allow(["s3:GetObject", "s3:PutObject"], objects("cache/")),
    allow("s3:ListBucket", `arn:aws:s3:::${bucket}`, { StringLike: { "s3:prefix": "cache/*" } }),
];
const cache = { type: "S3" as const, location: `${bucket}/cache` };

describe("codebuild: what builds keep", function () {
    this.timeout(60_000);
    const world = useCodeBuildWorld();

    describe("cache", () => {
        it("puts copies of different namespaces, projects and paths in different places", () => {
            const place = (change: object) =>
                cachePlace("bucket/a/b", { projectName: "p", paths: ["x"], ...change }).prefix;
            const prefixes = [{}, { projectName: "q" }, { paths: ["y"] }, { namespace: "n" }].map(place);
            assert.equal(new Set(prefixes).size, 4);
            assert.match(prefixes[0]!, /^a\/b\/p\/[0-9a-f]{16}\/$/);
            assert.equal(place({ namespace: "n" }), place({ namespace: "n", projectName: "q" }));
            assert.ok(copyName("npm-ü/1").startsWith(copyName("npm-ü/")));
        });

        /** Runs a build that prints the content of its cached folders, and then leaves a file there. */
        const build = async (project: string, leave: string, spec: object) => {
            const commands = [
                "cat deps/file ~/.tool/file 2>/dev/null; ls -l deps 2>/dev/null | grep -c -- '->' || true",
                `mkdir -p deps ~/.tool; echo "deps ${leave}" >deps/file; echo "tool ${leave}" >~/.tool/file; ln -sf file deps/link`,
            ];
            const buildspecOverride = buildspec({ build: { commands } }, { cache: { paths, ...spec } });
            const sourceDirectory = await world.source({ lock: spec === second ? "2" : "1" });
            const built = await world.build(project, { sourceDirectory, start: { buildspecOverride } });
            assert.equal(built.build.buildStatus, "SUCCEEDED", built.log);
            return { ...built, found: /^(deps .*)\n(tool .*)$/m.exec(built.log)?.[1] };
        };
        const paths = ["deps/**/*", "/root/.tool/**/*"];
        const first = { key: "lock-$(codebuild-hash-files lock)", "fallback-keys": ["none-", "lock-"] };
        const second = { ...first };

        it("without key has one copy that each build replaces", async () => {
            const project = await world.project({ statements: mayUseCache, cache });
            assert.equal((await build(project, "1", {})).found, undefined);
            assert.equal((await build(project, "2", {})).found, "deps 1");
            const { found, log } = await build(project, "3", {});
            assert.equal(found, "deps 2");
            assert.match(log, /^1$/m);
        });

        it("with key has a copy for each key that never changes, and falls back to others", async () => {
            const project = await world.project({ statements: mayUseCache, cache });
            // GIVEN a copy of the first key WHEN it is used and left again THEN it stays as it is
            assert.equal((await build(project, "1", first)).found, undefined);
            const again = await build(project, "2", first);
            assert.equal(again.found, "deps 1");
            assert.match(again.log, /The cache has a copy with the key lock-[0-9a-f]{64} already; it stays as it is\./);
            assert.equal((await build(project, "3", first)).found, "deps 1");
            // AND another key begins with the newest copy of a fallback key
            assert.equal((await build(project, "4", second)).found, "deps 1");
            assert.equal((await build(project, "5", second)).found, "deps 4");
        });

        it("only restores or only saves when told so", async () => {
            const project = await world.project({ statements: mayUseCache, cache });
            await build(project, "1", { action: "restore" });
            assert.equal((await build(project, "2", { action: "save" })).found, undefined);
            assert.equal((await build(project, "3", { action: "restore" })).found, "deps 2");
            assert.equal((await build(project, "4", { action: "save" })).found, undefined);
            assert.equal((await build(project, "5", {})).found, "deps 4");
        });

        it("is not saved by a failed build", async () => {
            const project = await world.project({ statements: mayUseCache, cache });
            const buildspecOverride = buildspec(
                { build: { commands: ["mkdir deps; touch deps/file; false"] } },
                { cache: { paths } },
            );
            await world.build(project, { start: { buildspecOverride } });
            assert.equal((await build(project, "1", {})).found, undefined);
        });

        it("that is damaged is not used, not even in part, and is replaced", async () => {
            const project = await world.project({ statements: mayUseCache, cache });
            await build(project, "1", {});
            // GIVEN a copy that ends in the middle
            const { prefix } = cachePlace(cache.location, { projectName: project, paths });
            const Key = `${prefix}copy`;
            const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
            const copy = await Body!.transformToByteArray();
            await world.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: copy.subarray(0, -20) }));
            // WHEN
            const { found, log } = await build(project, "2", {});
            // THEN
            assert.equal(found, undefined);
            assert.ok(log.includes(`The copy s3://${bucket}/${Key} is damaged, so the build begins without it.`), log);
            assert.equal((await build(project, "3", {})).found, "deps 2");
        });

        it("has no paths outside the build", async () => {
            const project = await world.project({ statements: mayUseCache, cache });
            const buildspecOverride = buildspec({ build: { commands: ["true"] } }, { cache: { paths: ["/etc/**/*"] } });
            const { build } = await world.build(project, { start: { buildspecOverride } });
            assert.equal(
                outcome(build).message,
                "The cache path /etc/**/* is outside the build; offline, paths are in the source or in /root.",
            );
        });

        it("is said not to be used where the project has none", async () => {
            const buildspecOverride = buildspec({ build: { commands: ["true"] } }, { cache: { paths } });
            const { log, build } = await world.build(await world.project(), { start: { buildspecOverride } });
            assert.equal(build.buildStatus, "SUCCEEDED");
            assert.match(log, /The project has no cache in S3, so the cache of the buildspec is not used\./);
        });
    });

    it("uploads artifacts file by file under their names, and secondary ones packed", async () => {
        const project = await world.project({
            statements: [allow("s3:PutObject", objects("artifacts/"))],
            artifacts: {
                type: "S3",
                location: bucket,
                path: "artifacts",
                name: "fixed",
                packaging: "NONE",
                overrideArtifactName: true,
            },
            secondaryArtifacts: [
                {
                    type: "S3",
                    artifactIdentifier: "docs",
                    location: bucket,
                    path: "artifacts/docs",
                    name: "docs.zip",
                    packaging: "ZIP",
                    namespaceType: "BUILD_ID",
                },
            ],
        });
        const artifacts = {
            files: ["out/**/*"],
            name: "app-$CODEBUILD_BUILD_NUMBER-$(cat version)",
            "secondary-artifacts": { docs: { files: ["README.md"] } },
        };
        const sourceDirectory = await world.source({ "README.md": "read", version: "7", "out/a/b": "content" });
        const buildspecOverride = buildspec({ build: { commands: ["true"] } }, { artifacts });
        const { build, log } = await world.build(project, { sourceDirectory, start: { buildspecOverride } });
        assert.equal(build.buildStatus, "SUCCEEDED", log);
        const uuid = build.id.slice(-36);
        assert.deepEqual(await world.keys("artifacts/"), [
            "artifacts/app-1-7/out/a/b",
            `artifacts/docs/${uuid}/docs.zip`,
        ]);
        assert.equal((await world.object("artifacts/app-1-7/out/a/b")).toString(), "content");
        assert.equal(build.artifacts?.location, `arn:aws:s3:::${bucket}/artifacts/app-1-7`);
        assert.equal(build.secondaryArtifacts?.[0]?.location, `arn:aws:s3:::${bucket}/artifacts/docs/${uuid}/docs.zip`);
    });

    it("hands in test results as a report; a failed test is no failed build", async () => {
        const group = `arn:aws:codebuild:${region}:${accountId}:report-group/reporting-unit`;
        const actions = ["CreateReportGroup", "CreateReport", "UpdateReport", "BatchPutTestCases"];
        const project = await world.project({
            name: "reporting",
            statements: [
                allow(
                    actions.map((action) => `codebuild:${action}`),
                    group,
                ),
            ],
        });
        const xml =
            '<testsuite><testcase classname="c" name="ok"/><testcase name="bad"><failure message="m"/></testcase></testsuite>';
        const sourceDirectory = await world.source({ "results/unit.xml": xml });
        const reports = { unit: { files: ["*.xml"], "base-directory": "results" } };
        const buildspecOverride = buildspec({ build: { commands: ["true"] } }, { reports });
        const { build, log } = await world.build(project, { sourceDirectory, start: { buildspecOverride } });
        assert.equal(build.buildStatus, "SUCCEEDED", log);
        assert.match(log, /Report unit: 2 test cases, 1 failed/);
        // AND the API shows it
        const reportArns = build.reportArns ?? [];
        const { reports: found } = await world.codebuild.send(new BatchGetReportsCommand({ reportArns }));
        const [report] = found ?? [];
        assert.equal(report?.status, "FAILED");
        assert.deepEqual(report?.testSummary, {
            total: 2,
            statusCounts: { SUCCEEDED: 1, FAILED: 1 },
            durationInNanoSeconds: 0,
        });
        const { testCases } = await world.codebuild.send(new DescribeTestCasesCommand({ reportArn: reportArns[0] }));
        assert.deepEqual(
            testCases?.map(({ name, status, message }) => [name, status, message]),
            [
                ["ok", "SUCCEEDED", undefined],
                ["bad", "FAILED", "m"],
            ],
        );
    });

    it("fails for a report without files, as CodeBuild does", async () => {
        const reports = { unit: { files: ["*.xml", "*.trx"], "base-directory": "results" } };
        const buildspecOverride = buildspec({ build: { commands: ["true"] } }, { reports });
        const { build } = await world.build(await world.project(), { start: { buildspecOverride } });
        assert.deepEqual(outcome(build), {
            status: "FAILED",
            failed: ["UPLOAD_ARTIFACTS"],
            message: "Report unit: no file matches *.xml, *.trx in results.",
        });
    });

    it("writes the log to S3 too when the project wants that", async () => {
        const project = await world.project({
            statements: [allow("s3:PutObject", objects("logs/"))],
            logsConfig: { s3Logs: { status: "ENABLED", location: `${bucket}/logs` } },
        });
        const { build, log } = await world.commands(project, ["echo said"]);
        const text = gunzipSync(await world.object(`logs/${build.id.slice(-36)}.gz`)).toString();
        assert.match(text, /^said$/m);
        assert.ok(`${log}\n`.endsWith(text));
        assert.equal(build.logs?.s3LogsArn, `arn:aws:s3:::${bucket}/logs/${build.id.slice(-36)}.gz`);
    });

    describe("a role that lacks a permission", () => {
        const name = "restricted";
        const role = roleArn(name);
        const group = `arn:aws:logs:${region}:${accountId}:log-group:/aws/codebuild/${name}`;
        const reportGroup = `arn:aws:codebuild:${region}:${accountId}:report-group/${name}-unit`;
        const parameter = `arn:aws:ssm:${region}:${accountId}:parameter/restricted`;
        const statements: Record<string, object> = {
            log: mayWriteLog(name),
            parameter: allow("ssm:GetParameters", parameter),
            cacheObjects: mayUseCache[0]!,
            cacheList: mayUseCache[1]!,
            artifacts: allow("s3:PutObject", objects("artifacts/")),
            reports: allow(
                [
                    "codebuild:CreateReportGroup",
                    "codebuild:CreateReport",
                    "codebuild:UpdateReport",
                    "codebuild:BatchPutTestCases",
                ],
                reportGroup,
            ),
        };
        const paths = ["deps/**/*"];
        const { prefix } = cachePlace(cache.location, { projectName: name, paths });

        before(async () => {
            const { PutParameterCommand } = await import("@aws-sdk/client-ssm");
            await world.ssm.send(new PutParameterCommand({ Name: "/restricted", Value: "v", Type: "String" }));
            await world.project({
                name,
                onlyStatements: Object.values(statements),
                cache,
                artifacts: { type: "S3", location: bucket, path: "artifacts", name, packaging: "ZIP" },
            });
        });

        const build = async () => {
            const sourceDirectory = await world.source({ "unit.xml": "<testsuites></testsuites>" });
            const rest = {
                env: { "parameter-store": { TAG: "/restricted" } },
                cache: { paths },
                artifacts: { files: ["unit.xml"] },
                reports: { unit: { files: ["unit.xml"] } },
            };
            const buildspecOverride = buildspec({ build: { commands: ["mkdir -p deps; touch deps/file"] } }, rest);
            return (await world.build(name, { sourceDirectory, start: { buildspecOverride } })).build;
        };

        const cases: [missing: string, phase: string, action: string, resource: string][] = [
            ["log", "SUBMITTED", "logs:CreateLogStream", group],
            ["parameter", "DOWNLOAD_SOURCE", "ssm:GetParameters", parameter],
            ["cacheList", "DOWNLOAD_SOURCE", "s3:ListBucket", `arn:aws:s3:::${bucket}`],
            ["artifacts", "UPLOAD_ARTIFACTS", "s3:PutObject", `arn:aws:s3:::${bucket}/artifacts/${name}`],
            ["reports", "UPLOAD_ARTIFACTS", "codebuild:CreateReportGroup", reportGroup],
            ["cacheObjects", "UPLOAD_ARTIFACTS", "s3:PutObject", `arn:aws:s3:::${bucket}/${prefix}copy`],
        ];
        for (const [missing, phase, action, resource] of cases) {
            it(`fails in ${phase} without ${action}, and says role, action and resource`, async () => {
                const kept = Object.entries(statements).filter(([statement]) => statement !== missing);
                await world.allowRole(
                    name,
                    kept.map(([, statement]) => statement),
                );
                const { status, failed, message } = outcome(await build());
                assert.deepEqual([status, failed], ["FAILED", [phase]]);
                const sentence = `The service role ${role} is not authorized to perform ${action} on ${resource}: `;
                assert.ok(message.startsWith(sentence), message);
            });
        }

        it("does not fail with all of them", async () => {
            await world.allowRole(name, Object.values(statements));
            const build_ = await build();
            assert.equal(build_.buildStatus, "SUCCEEDED", outcome(build_).message);
        });

        it("cannot read the cache that others saved", async () => {
            await world.allowRole(
                name,
                Object.entries(statements)
                    .filter(([one]) => one !== "cacheObjects")
                    .map(([, one]) => one),
            );
            const { failed, message } = outcome(await build());
            assert.deepEqual(failed, ["DOWNLOAD_SOURCE"]);
            assert.match(
                message,
                /is not authorized to perform s3:GetObject on arn:aws:s3:::codebuild-tests\/cache\/restricted\//,
            );
        });

        it("is of no use when it may not be assumed for the project", async () => {
            const other = await world.project({ serviceRole: role });
            const { build } = await world.commands(other, ["true"]);
            assert.deepEqual(outcome(build), {
                status: "FAILED",
                failed: ["SUBMITTED"],
                message: `CodeBuild is not authorized to perform: sts:AssumeRole on ${role}: User: codebuild.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${role}`,
            });
        });
    });
});
