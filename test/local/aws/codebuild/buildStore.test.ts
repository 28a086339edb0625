import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import {
    type BuildRecord,
    beginPhase,
    completeBuild,
    endPhase,
    newBuildRecord,
} from "../../../../local/aws/codebuild/buildRecord";
import { BuildStore } from "../../../../local/aws/codebuild/buildStore";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";

describe("codebuild: records of builds", () => {
    let folder: string;
    let store: BuildStore;

    beforeEach(async () => {
        folder = await makeTemporaryFolder();
        store = new BuildStore(path.join(folder, "builds"));
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    const create = (name: string): Promise<BuildRecord> =>
        store.create(name, (buildNumber) =>
            newBuildRecord({
                project: {
                    name,
                    arn: "arn",
                    serviceRole: "role",
                    encryptionKey: "key",
                    timeoutInMinutes: 60,
                    source: { type: "NO_SOURCE" },
                },
                uuid: randomUUID(),
                buildNumber,
                region: "eu-central-1",
                accountId: "123456789012",
                initiator: "root",
            }),
        );

    it("numbers the builds of each project, also those that begin at once", async () => {
        const builds = await Promise.all(["a", "b", "a", "a"].map(create));
        const numbers = (name: string) => builds.filter((b) => b.projectName === name).map((b) => b.buildNumber);
        assert.deepEqual([numbers("a").sort(), numbers("b")], [[1, 2, 3], [1]]);
        assert.equal((await store.list("a")).length, 3);
        assert.equal((await store.list()).length, 4);
    });

    it("gives back what was written, in the form of the API", async () => {
        const build = await create("app");
        beginPhase(build, "SUBMITTED");
        endPhase(build, "FAILED", [{ statusCode: "CODE", message: "why" }]);
        completeBuild(build, "FAILED");
        await store.write(build);
        assert.deepEqual(await store.read(build.id), JSON.parse(JSON.stringify(build)));
        assert.match(build.arn, /^arn:aws:codebuild:eu-central-1:123456789012:build\/app:[0-9a-f-]{36}$/);
        assert.deepEqual(
            build.phases.map(({ phaseType, phaseStatus, contexts }) => ({ phaseType, phaseStatus, contexts })),
            [
                { phaseType: "SUBMITTED", phaseStatus: "FAILED", contexts: [{ statusCode: "CODE", message: "why" }] },
                { phaseType: "COMPLETED", phaseStatus: undefined, contexts: undefined },
            ],
        );
        assert.deepEqual([build.currentPhase, build.buildStatus, build.buildComplete], ["COMPLETED", "FAILED", true]);
    });

    it("knows no builds with other ids", async () => {
        await create("app");
        assert.equal(await store.read(`app:${randomUUID()}`), undefined);
        assert.equal(await store.read("../../etc/passwd"), undefined);
        assert.equal(await store.read("app:../../../etc/passwd"), undefined);
    });

    it("shows a build whose process is gone as FAULT", async () => {
        // GIVEN a build in progress WHEN its process is another one than that which has the id now
        const build = await create("app");
        beginPhase(build, "BUILD");
        await store.write(build);
        const file = path.join(folder, "builds", `${build.id.slice(-36)}.json`);
        const stored = JSON.parse(fs.readFileSync(file, "utf8")) as { runner: { startTime: number } };
        stored.runner.startTime -= 1;
        fs.writeFileSync(file, JSON.stringify(stored));
        // THEN nobody waits for it
        const read = await store.read(build.id);
        assert.deepEqual([read?.buildStatus, read?.buildComplete], ["FAULT", true]);
        assert.match(
            read?.phases[0]?.contexts?.[0]?.message ?? "",
            /^Process \d+, which ran the build, has ended before it\.$/,
        );
    });

    it("passes on the wish to stop", async () => {
        const build = await create("app");
        assert.equal(store.stopRequested(build.id), false);
        await store.requestStop(build.id);
        assert.equal(store.stopRequested(build.id), true);
    });
});
