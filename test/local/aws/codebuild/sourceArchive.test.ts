import assert from "node:assert/strict";
import { BatchGetBuildsCommand, StartBuildCommand, type StartBuildCommandInput } from "@aws-sdk/client-codebuild";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { BuildRecord } from "../../../../local/aws/codebuild";
import { zipArchive } from "../../../../local/aws/codebuild/zip";
import { waitFor } from "../../../../local/machine/waitFor";
import { allow, bucket, buildspec, outcome, useCodeBuildWorld } from "./codebuildWorld";

/** Prefix of objects that the role may read, as that of cached folders. */
const prefix = "build-cache";
const mayRead = allow("s3:GetObject", `arn:aws:s3:::${bucket}/${prefix}/*`);

describe("codebuild: a source in S3", function () {
    this.timeout(60_000);
    const world = useCodeBuildWorld();

    /** Starts a build by the API and waits for its end. */
    async function build(start: Omit<StartBuildCommandInput, "projectName">): Promise<BuildRecord> {
        const projectName = await world.project({ statements: [mayRead] });
        const { build: started } = await world.codebuild.send(new StartBuildCommand({ projectName, ...start }));
        const get = new BatchGetBuildsCommand({ ids: [started!.id!] });
        const ended = await waitFor(async () => {
            const [found] = (await world.codebuild.send(get)).builds!;
            return found!.buildComplete ? found : undefined;
        }, 30_000);
        return (await world.host.store.read(ended!.id!))!;
    }

    const put = (Key: string, Body: Buffer) => world.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    const from = (key: string) =>
        ({ sourceTypeOverride: "S3", sourceLocationOverride: `${bucket}/${key}` }) as const satisfies object;

    it("is fetched under the role of the build, with the permissions of its files", async () => {
        const entries = { "buildspec.yml": buildspec({ build: { commands: ["./app/run.sh"] } }) };
        const script = '#!/bin/sh\necho "ran from $CODEBUILD_SOURCE_REPO_URL $CODEBUILD_SOURCE_VERSION"\n';
        const archive = zipArchive([
            ...Object.entries(entries).map(([name, text]) => ({ name, content: Buffer.from(text), mode: 0o644 })),
            { name: "app/run.sh", content: Buffer.from(script), mode: 0o755 },
        ]);
        await put(`${prefix}/source.zip`, archive);
        const record = await build(from(`${prefix}/source.zip`));
        assert.deepEqual(outcome(record), { status: "SUCCEEDED", failed: [], message: "" });
        assert.match(
            await world.cloudWatchLog(record),
            new RegExp(`^ran from ${bucket}/${prefix}/source.zip arn:aws:s3:::${bucket}/${prefix}/source.zip$`, "m"),
        );
    });

    it("fails the build where the role may not read it, by name", async () => {
        await put("elsewhere/source.zip", zipArchive([]));
        const { status, failed, message } = outcome(await build(from("elsewhere/source.zip")));
        assert.deepEqual([status, failed], ["FAILED", ["DOWNLOAD_SOURCE"]]);
        assert.match(message, /not authorized to perform s3:GetObject on arn:aws:s3:::\S+\/elsewhere\/source\.zip/);
    });

    const archives: [what: string, archive: Buffer, message: RegExp][] = [
        ["is no archive", Buffer.from("text"), /source\.zip cannot be unpacked: it is no ZIP archive$/],
        [
            "leads out of the source",
            zipArchive([{ name: "../out", content: Buffer.from("1"), mode: 0o644 }]),
            /^The entry \.\.\/out of arn:\S+ leads out of the source\.$/,
        ],
    ];
    for (const [what, archive, expected] of archives) {
        it(`fails the build where it ${what}`, async () => {
            await put(`${prefix}/source.zip`, archive);
            const { status, message } = outcome(await build(from(`${prefix}/source.zip`)));
            assert.equal(status, "FAILED");
            assert.match(message, expected);
        });
    }

    const refusals: [what: string, start: object, message: string][] = [
        [
            "a folder of S3",
            from("folder/"),
            `sourceLocationOverride is "${bucket}/folder/"; offline a source in S3 is a ZIP archive, as bucket/key.`,
        ],
        [
            "a version of an archive",
            { ...from("a.zip"), sourceVersion: "1" },
            'sourceVersion is "1"; offline an archive in S3 has no versions.',
        ],
    ];
    for (const [what, start, message] of refusals) {
        it(`refuses ${what} in one sentence`, async () => {
            await assert.rejects(build(start), { name: "InvalidInputException", message });
        });
    }
});
