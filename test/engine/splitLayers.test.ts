import assert from "node:assert/strict";
import { BatchDeleteImageCommand } from "@aws-sdk/client-ecr";
import { layerNames } from "../../infra/plan/pinned/splitScript";
import type { UpResult } from "../../local/world/stack";
import {
    awsClients,
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    type TestStack,
    writeContext,
} from "../support/engineWorld";
import { imageTree } from "../support/imageTree";
import { layerDigests, openPinned, pinnedBy, repositoryOf } from "../support/pinnedStack";
import { runProject } from "./projectRun";

const name = "split-layers";

/** Files of an application with packages of given versions, the same bytes in each installation but for their times. */
const files = {
    Dockerfile: [
        "ARG BASE_REGISTRY",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS deps",
        "ENV PLACE=/srv/packages",
        "WORKDIR /srv",
        "RUN --mount=type=bind,source=requirements.txt,target=/requirements.txt <<EOF",
        "set -e",
        "while read -r name version size; do",
        '    mkdir -p "$PLACE/$name/inner folder" "$PLACE/$name-$version.dist-info"',
        '    { echo "$name $version"; cat /bin/busybox /bin/busybox; } | head -c "$size" > "$PLACE/$name/inner folder/code"',
        '    ln -s "inner folder/code" "$PLACE/$name/link"',
        '    echo "$version" > "$PLACE/$name-$version.dist-info/METADATA"',
        "done < /requirements.txt",
        "mkdir /state && chown 65534:65534 /state && chmod 2750 /state",
        "echo tools > /bin/tools && chmod 755 /bin/tools",
        "echo changed >> /etc/group",
        "EOF",
        "USER nobody",
        'LABEL kind="with packages"',
        "FROM deps",
        "COPY --link app/ /app/",
        "",
    ].join("\n"),
    ".dockerignore": "Dockerfile\n",
    "requirements.txt": "one 1 1000\ntwo 1 2000\nLarge_one 1 3500000\n",
    "app/main.py": "print(1)\n",
};

const pinnedStages = [{ name: "deps", layers: ["/srv/packages"] }];

describe("a pinned stage whose packages are spread over layers", function () {
    this.timeout(180_000);
    let engine: EngineWorld;
    let stack: TestStack;
    let up: UpResult;

    /** Lists the digests of the pinned image's layers. */
    const layers = async (result: UpResult) => {
        const [, digest] = (await pinnedBy(stack)).split("@");
        return layerDigests(engine, result, digest!);
    };
    const upOn = async (requirements: string) => {
        await writeContext(name, { "requirements.txt": requirements });
        await emptyBuilder(engine);
        return stack.up();
    };

    before(async () => {
        engine = await engineWorld();
        const context = await writeContext(name, files);
        stack = await openPinned(engine, name, {}, { context, pinnedStages });
        await emptyBuilder(engine);
        up = await stack.up();
    });

    it("has the files and the settings that a build without layers makes", async () => {
        const context = await writeContext(`${name}-plain`, files);
        const plain = await (await openPinned(engine, `${name}-plain`, {}, { context })).up();
        const [split, whole] = [await imageTree(engine, up), await imageTree(engine, plain)];
        assert.deepEqual(split.files, whole.files);
        assert.ok(split.files.some((line) => line.includes("/srv/packages/Large_one/inner folder/code")));
        assert.deepEqual(split.settings, whole.settings);
    });

    it("has one layer that differs after a changed package, and returns with a revert", async () => {
        const first = await layers(up);
        const changed = await upOn("one 1 1000\ntwo 2 2000\nLarge_one 1 3500000\n");
        const second = await layers(changed);
        assert.equal(second.filter((digest) => !first.includes(digest)).length, 1);
        assert.equal(second.length, first.length);
        assert.ok(first.length > layerNames.length, "the layers of the base lie below");
        // The large package is neither sent again nor in the cache.
        const { registryBytesUp } = changed.images[0]!;
        assert.ok(registryBytesUp < 500_000, `${registryBytesUp} bytes written`);
        const reverted = await upOn(files["requirements.txt"]);
        assert.ok(reverted.images[0]!.registryBytesUp < 100_000, "no layer is sent again");
        assert.deepEqual(await layers(reverted), first);
    });

    it("has the same layers when CodeBuild makes it on an empty host", async () => {
        const before = await layers(up);
        const tag = (await pinnedBy(stack)).split("@")[1]!;
        const repositoryName = repositoryOf(up);
        await awsClients(engine).ecr.send(
            new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageDigest: tag }] }),
        );
        const changed = { [`${name}/app/main.py`]: "print(2)\n" };
        const run = await runProject(engine, up.outputs as Record<string, string>, { changed });
        assert.ok(run.succeeded, run.log);
        assert.match(run.log, /Building stage deps of/);
        const all = await layerDigests(engine, up, run.exported.IMAGE_TAG!);
        // The image's own copy lies above them.
        assert.deepEqual(all.slice(1), before);
    });

    const stage = (step: string) =>
        `ARG BASE_REGISTRY\nFROM \${BASE_REGISTRY}/busybox:1.37-musl AS deps\nRUN mkdir -p /srv/packages ${step}\nFROM deps\nCOPY --link app/ /app/\n`;
    const refused: [title: string, Dockerfile: string, code: number, reason: string][] = [
        ["lacks the named folder", stage("&& rmdir /srv/packages"), 4, "it has no folder /srv/packages"],
        [
            "deletes a file of the image below it",
            stage("&& rm /etc/group"),
            5,
            "it deletes /etc/group of the image below it, which layers cannot show; delete the file in that image",
        ],
    ];
    for (const [title, Dockerfile, code, reason] of refused) {
        it(`is refused when it ${title}: CodeBuild's log says why, an update's error has a code`, async () => {
            const changed = { [`${name}/Dockerfile`]: Dockerfile };
            const run = await runProject(engine, up.outputs as Record<string, string>, { changed });
            assert.equal(run.succeeded, false);
            assert.ok(run.log.includes(`The stage cannot be split into layers: ${reason}.\n`), run.log);
            const context = await writeContext(`${name}-refused`, { ...files, Dockerfile });
            const refusing = await openPinned(engine, `${name}-refused`, {}, { context, pinnedStages });
            await assert.rejects(refusing.up(), new RegExp(`split\\.sh /srv/packages" did not complete .*: ${code}$`));
        });
    }
});
