import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Command, type ImageRequest, strategies } from "../../../bench/strategies";

const repository = "127.0.0.1:5000/app";

const request: ImageRequest = {
    repository,
    context: "/source",
    dockerfiles: { published: "/published", carried: "/carried", ours: "/ours" },
    buildArgs: { BASE_REGISTRY: "127.0.0.1:5000/base" },
    platforms: ["linux/amd64"],
    branch: "main",
    tag: "build-2",
    lastTag: "build-1",
    pinnedStages: [],
    carriedDirectories: ["/cache"],
    folder: "/",
};

const commands = (name: string, changes: Partial<ImageRequest> = {}): Command[] =>
    strategies.find((strategy) => strategy.name === name)!.commands({ ...request, ...changes });

const build = (dockerfile: string, ...caching: string[]): Command => ({
    kind: "build",
    arguments: [
        `--file=${dockerfile}`,
        "--platform=linux/amd64",
        "--build-arg=BASE_REGISTRY=127.0.0.1:5000/base",
        ...caching,
        "--provenance=false",
        "/source",
    ],
});

const push = `--output=type=image,name=${repository}:build-2,push=true`;

const maximumCache = [
    `--cache-from=type=registry,ref=${repository}:cache`,
    `--cache-to=mode=max,image-manifest=true,oci-mediatypes=true,type=registry,ref=${repository}:cache`,
];

const expected: Record<string, Command[]> = {
    "no cache": [build("/published", push)],
    "last tag": [
        { kind: "pull", reference: `${repository}:build-1` },
        build("/published", `--cache-from=type=registry,ref=${repository}:build-1`, push),
    ],
    "inline cache": [
        { kind: "pull", reference: `${repository}:latest` },
        build(
            "/published",
            "--build-arg=BUILDKIT_INLINE_CACHE=1",
            `--cache-from=type=registry,ref=${repository}:latest`,
            `--output=type=image,"name=${repository}:latest,${repository}:build-2",push=true`,
        ),
    ],
    "mode=min": [
        build(
            "/published",
            `--cache-to=type=registry,ref=${repository}:demo-cache,image-manifest=true`,
            `--cache-from=type=registry,ref=${repository}:demo-cache`,
            "--output=type=docker,dest=/loaded.tar",
        ),
        build("/published", push),
    ],
    "mode=max": [build("/published", ...maximumCache, push)],
    "mode=max and S3": [
        { kind: "restore", directories: ["/cache"] },
        build("/carried", ...maximumCache, push),
        { kind: "save", directories: ["/cache"] },
    ],
};

describe("bench: strategies", () => {
    for (const [name, list] of Object.entries(expected)) {
        it(`${name} does what its write-up does`, () => assert.deepEqual(commands(name), list));
    }

    it("pulls no last image before the first build", () => {
        assert.deepEqual(commands("last tag", { lastTag: undefined }), [build("/published", push)]);
    });

    describe("ours", () => {
        let context: string;
        let changes: Partial<ImageRequest>;

        before(() => {
            context = fs.mkdtempSync(path.join(os.tmpdir(), "strategies-"));
            const dockerfile = path.join(context, "Dockerfile");
            fs.writeFileSync(dockerfile, "FROM scratch\nCOPY --link . /\n");
            changes = { context, dockerfiles: { ...request.dockerfiles, ours: dockerfile } };
        });
        after(() => fs.rmSync(context, { recursive: true }));

        it("adopts what is there, otherwise builds with its branch's cache", () => {
            const [adopt, ours, ...more] = commands("ours", { ...changes, branch: "feature" });
            assert.deepEqual(more, []);
            assert.ok(adopt?.kind === "adopt" && ours?.kind === "build");
            assert.match(adopt.reference, /^127\.0\.0\.1:5000\/app:src-[0-9a-f]{40}$/);
            const options = "mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true,compression=zstd";
            assert.deepEqual(ours.arguments, [
                `--file=${context}/Dockerfile`,
                "--platform=linux/amd64",
                "--build-arg=BASE_REGISTRY=127.0.0.1:5000/base",
                `--cache-from=type=registry,ref=${repository}:cache-feature-amd64`,
                `--cache-from=type=registry,ref=${repository}:cache-main-amd64`,
                `--cache-to=type=registry,ref=${repository}:cache-feature-amd64,${options}`,
                "--provenance=false",
                `--output=type=image,name=${adopt.reference},push=true,compression=zstd,oci-mediatypes=true`,
                context,
            ]);
        });

        it("spreads packages over layers as a strategy of its own", () => {
            const dockerfile = path.join(context, "Dockerfile");
            fs.writeFileSync(dockerfile, "FROM scratch AS deps\nFROM deps\nCOPY --link . /\n");
            const pinned = { ...changes, pinnedStages: [{ name: "deps", layers: ["/srv"] }] };
            const targetOf = (name: string) =>
                commands(name, pinned)
                    .flatMap((one) => (one.kind === "stage" ? one.arguments : []))
                    .find((one) => one.startsWith("--target="));
            assert.deepEqual([targetOf("ours"), targetOf("ours, layers")], ["--target=deps", "--target=deps.layers"]);
        });

        it("joins the images of several platforms under the tag that is adopted", () => {
            const list = commands("ours", { ...changes, platforms: ["linux/amd64", "linux/arm64"] });
            assert.deepEqual(
                list.map(({ kind }) => kind),
                ["adopt", "build", "build", "index"],
            );
            const [adopt, , , index] = list;
            assert.ok(adopt?.kind === "adopt" && index?.kind === "index");
            assert.equal(index.reference, adopt.reference);
            assert.deepEqual(index.images, [`${adopt.reference}-amd64`, `${adopt.reference}-arm64`]);
        });
    });
});
