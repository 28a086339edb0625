import assert from "node:assert/strict";
import { BatchGetImageCommand, ListImagesCommand, PutImageCommand } from "@aws-sdk/client-ecr";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { proofKey } from "../../infra/plan/proofKey";
import type { UpResult } from "../../local/world/stack";
import {
    awsClients,
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    type TestStack,
    writeContext,
} from "../support/engineWorld";
import { openPinned, repositoryOf, stepsOf } from "../support/pinnedStack";
import { type Run, runProject } from "./projectRun";

const name = "carried-folders";

/** Files of an application whose packages come from the mount, or else are fetched. */
const files = {
    Dockerfile: [
        "ARG BASE_REGISTRY",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS deps",
        "WORKDIR /packages",
        "COPY requirements.txt /requirements.txt",
        "RUN --mount=type=cache,id=deps:/packages,target=/last \\",
        "    for one in $(cat /requirements.txt); do \\",
        '        if cp -a /last/$one .; then echo "took $one"; else echo "fetched $one"; echo $one > $one; fi; \\',
        "    done 2> /dev/null; echo all: *",
        "FROM deps",
        "COPY --link app/ /app/",
        "",
    ].join("\n"),
    "requirements.txt": "one two\n",
    "app/main.py": "print(1)\n",
};

/** Lists the log's lines about packages. */
const packages = ({ log }: Run): string[] =>
    log.split("\n").flatMap((line) => /\b((?:took|fetched) \w+|all: [\w ]+)$/.exec(line)?.[1] ?? []);

describe("a cache mount that names a folder of its pinned stage", function () {
    this.timeout(180_000);
    let engine: EngineWorld;
    let stack: TestStack;
    let up: UpResult;

    const build = async (changes: Record<string, string>, options: Parameters<typeof runProject>[2] = {}) => {
        const changed = Object.fromEntries(Object.entries(changes).map(([file, text]) => [`${name}/${file}`, text]));
        const run = await runProject(engine, up.outputs as Record<string, string>, { ...options, changed });
        assert.ok(run.succeeded, run.log);
        return run;
    };

    before(async () => {
        engine = await engineWorld();
        const context = await writeContext(name, files);
        stack = await openPinned(engine, name, {}, { context, pinnedStages: ["deps"] });
        up = await stack.up();
        // GIVEN a build that found what the update made.
        await build({ "app/main.py": "print(2)\n" });
    });

    it("begins with what the last image has there, whoever built that; nothing that is not wanted stays", async () => {
        const changes = { "requirements.txt": "one three\n" };
        const run = await build(changes);
        assert.deepEqual(packages(run), ["took one", "fetched three", "all: one three"], run.log);
        // WHEN an update builds the same from nothing
        await writeContext(name, changes);
        await emptyBuilder(engine);
        const result = await stack.up();
        // THEN it finds that image, since what a mount holds is part of no cache key.
        assert.equal(result.outputs.imageDigest, run.exported.IMAGE_DIGEST);
        assert.equal(stepsOf(result)[0], 0);
    });

    it("begins on a new branch with that of the default branch, and then with the branch's own", async () => {
        const onBranch = { webhook: { event: "push" as const, head: "feature" } };
        const first = await build({ "requirements.txt": "one three four\n" }, onBranch);
        assert.deepEqual(packages(first), ["took one", "took three", "fetched four", "all: four one three"]);
        const second = await build({ "requirements.txt": "four five\n" }, onBranch);
        assert.deepEqual(packages(second), ["took four", "fetched five", "all: five four"]);
        // The default branch takes nothing from it.
        const other = await build({ "requirements.txt": "one four five\n" });
        assert.deepEqual(packages(other), ["took one", "fetched four", "fetched five", "all: five four one"]);
    });

    it("is empty when the instructions are others", async () => {
        const Dockerfile = files.Dockerfile.replace("WORKDIR /packages", "ENV A=1\nWORKDIR /packages");
        const run = await build({ Dockerfile, "requirements.txt": "one six\n" });
        assert.deepEqual(packages(run), ["fetched one", "fetched six", "all: one six"]);
    });

    it("is empty for a pull request", async () => {
        const webhook = { event: "pull_request", head: "proposal", base: "main" } as const;
        const run = await build({ "requirements.txt": "one seven\n" }, { webhook });
        assert.deepEqual(packages(run), ["fetched one", "fetched seven", "all: one seven"]);
        assert.equal(run.bytes.up, 0);
    });

    it("is empty when another image was put in the place of the last one, and when that cannot be read", async () => {
        const { ecr, s3 } = awsClients(engine);
        const repositoryName = repositoryOf(up);
        const { imageIds = [] } = await ecr.send(new ListImagesCommand({ repositoryName, maxResults: 1000 }));
        // Of all instructions that the default branch was built with.
        const tags = imageIds.map(({ imageTag = "" }) => imageTag).filter((tag) => tag.startsWith("deps-last-main-"));
        const { images } = await ecr.send(
            new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: "cache-main-amd64" }] }),
        );
        // GIVEN a manifest under its tag that is no image
        const { imageId, imageManifest, imageManifestMediaType } = images![0]!;
        const put = { repositoryName, imageManifest, imageManifestMediaType };
        for (const imageTag of new Set(tags)) await ecr.send(new PutImageCommand({ ...put, imageTag }));
        // WHEN
        const moved = await build({ "requirements.txt": "one eight\n" });
        // THEN
        const [, imageTag] = /(deps-last-main-[0-9a-f]{12}) is there, and is not adopted/.exec(moved.log)!;
        assert.doesNotMatch(moved.log, /Filling cache mounts/);
        assert.deepEqual(packages(moved), ["fetched one", "fetched eight", "all: eight one"]);
        // AND with a proof of it
        await ecr.send(new PutImageCommand({ ...put, imageTag }));
        const proof = { Bucket: up.outputs.cacheBucketName as string, Key: proofKey(repositoryName, imageTag!) };
        await s3.send(new PutObjectCommand({ ...proof, Body: imageId!.imageDigest }));
        const unreadable = await build({ "requirements.txt": "one nine\n" });
        assert.match(unreadable.log, /They could not be filled; all is installed anew\./);
        assert.deepEqual(packages(unreadable), ["fetched one", "fetched nine", "all: nine one"]);
    });
});
