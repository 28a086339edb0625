import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { contextEntries } from "../../../../infra/plan/buildContext";
import { type PinnedStage, pinStages } from "../../../../infra/plan/pinned/pinnedStages";
import { writeStageFiles } from "../../../../infra/plan/pinned/stageFiles";
import type { PinnedSource } from "../../../../infra/plan/pinned/pinnedSource";
import { temporaryFolder, writeTree } from "../../temporaryFolder";
import { inputsOf, pinnedSource } from "./pinnedSource";

/** Dockerfile with an example of everything; `deps` is pinned. */
const dockerfile = `# syntax=docker/dockerfile:1
# escape=\\
# What it is about.
ARG BASE_REGISTRY=public.ecr.aws
ARG TAG=3.12
ARG FULL=python:\${TAG}
ARG UNUSED=1

FROM \${BASE_REGISTRY}/golang AS tools
COPY tools/ /src/
RUN --mount=type=bind,source=tools.lock,target=/lock build

FROM \${BASE_REGISTRY}/busybox AS other
COPY other.txt /

FROM \${BASE_REGISTRY}/\${FULL} AS deps
ARG TARGETARCH
ARG EXTRAS=none
COPY --from=tools /src/tool /bin/
COPY package*.json lock.txt ./
RUN --mount=type=secret,id=npm <<EOF
install \${EX\\
TRAS}
EOF

FROM deps AS app
ARG TARGETARCH
ARG EXTRAS=none
ARG VERSION
COPY --from=other /other.txt /
COPY --link app/ /app/
`;

const files = {
    Dockerfile: dockerfile,
    ".dockerignore": "*.log\ntools/secret\n!kept.log\n",
    "tools/main.go": "1",
    "tools/secret": "1",
    "tools/empty/": "",
    "tools.lock": "1",
    "other.txt": "1",
    "package.json": "1",
    "package-lock.json": "1",
    "lock.txt": "1",
    "lock.txt.orig": "1",
    "app/main.py": "1",
    "kept.log": "1",
};
type Files = Record<string, string>;

describe("pinned stages", () => {
    const folder = temporaryFolder();
    let count = 0;

    function source(changes: Files = {}, extra: Partial<PinnedSource> = {}): PinnedSource {
        const context = writeTree(path.join(folder.path, `context-${count++}`), { ...files, ...changes });
        const buildArgs = { BASE_REGISTRY: "registry", VERSION: "1" };
        return pinnedSource(context, { buildArgs, compression: "gzip", ...extra });
    }

    const pin = (one: PinnedSource): PinnedStage => pinStages(one)[0]!;
    const edited = (from: string, to: string): Files => {
        assert.ok(dockerfile.includes(from), from);
        return { Dockerfile: dockerfile.replace(from, to) };
    };

    it("are given their own instructions, the files they read, and the arguments that reach them", () => {
        const one = source();
        const { tag, recipe, ...stage } = pin(one);
        assert.match(tag, /^deps-[0-9a-f]{40}$/);
        assert.match(recipe, /^[0-9a-f]{12}$/);
        assert.deepEqual(stage, {
            name: "deps",
            target: "deps",
            dockerfile: [
                "# syntax=docker/dockerfile:1",
                "# escape=\\",
                "ARG BASE_REGISTRY=public.ecr.aws",
                "ARG TAG=3.12",
                "ARG FULL=python:${TAG}",
                "FROM ${BASE_REGISTRY}/golang AS tools",
                "COPY tools/ /src/",
                "RUN --mount=type=bind,source=tools.lock,target=/lock build",
                "FROM ${BASE_REGISTRY}/${FULL} AS deps",
                "ARG TARGETARCH",
                "ARG EXTRAS=none",
                "COPY --from=tools /src/tool /bin/",
                "COPY package*.json lock.txt ./",
                "RUN --mount=type=secret,id=npm <<EOF",
                "install ${EX\\",
                "TRAS}",
                "EOF",
                "",
            ].join("\n"),
            ignore: [
                "*",
                "!tools/empty",
                "tools/empty/*",
                "!lock.txt",
                "!package-lock.json",
                "!package.json",
                "!tools.lock",
                "!tools/main.go",
                "",
            ].join("\n"),
            buildArgs: { BASE_REGISTRY: "registry" },
            carried: [],
        });
        const file = writeStageFiles(path.join(folder.path, "stage"), pin(one));
        assert.deepEqual(
            contextEntries(one.context, file).map((entry) => entry.path),
            ["lock.txt", "package-lock.json", "package.json", "tools", "tools.lock", "tools/empty", "tools/main.go"],
        );
    });

    it("have a tag that stays what it is for this version of the hash", () => {
        // A change here makes every pinned stage build again: raise `hashVersion` when the meaning changes.
        assert.equal(pin(source()).tag, "deps-04516c10d1b648eafb850eae271f5bd6f53aebdd");
    });

    it("of several platforms have a tag each", () => {
        const platforms = ["linux/amd64", "linux/arm64"] as const;
        const tags = platforms.map((platform) => pin(source({}, { platforms: [...platforms], platform })).tag);
        assert.match(tags[0]!, /^deps-[0-9a-f]{40}-amd64$/);
        assert.match(tags[1]!, /^deps-[0-9a-f]{40}-arm64$/);
        assert.notEqual(tags[0]!.split("-")[1], tags[1]!.split("-")[1]);
    });

    const kept: Record<string, [changes: () => Files, extra?: Partial<PinnedSource>]> = {
        code: [() => ({ "app/main.py": "2", "app/new.py": "1" })],
        "a file beside the ones it reads": [() => ({ "lock.txt.orig": "2", "readme.md": "1" })],
        "a file that is ignored": [() => ({ "tools/secret": "2" })],
        "another stage": [() => edited("COPY other.txt /", "COPY other.txt /other")],
        "a stage that is added": [
            () => ({ Dockerfile: dockerfile.replace("FROM deps AS app", "FROM x AS y\n\nFROM deps AS app") }),
        ],
        "what follows it": [() => edited("COPY --link app/ /app/", "COPY --link app/ /srv/")],
        "a comment between instructions": [() => edited("# What it is about.", "# Other words.")],
        "a global argument that it does not use": [() => edited("UNUSED=1", "UNUSED=2")],
        "an argument of another stage": [() => ({}), { buildArgs: { BASE_REGISTRY: "registry", VERSION: "2" } }],
        "the host, which it does not ask for": [() => ({}), { buildPlatform: "linux/arm64" }],
        "the rest of the ignore file": [() => ({ ".dockerignore": "*.log\ntools/secret\n!kept.log\ndocs\n" })],
    };
    for (const [what, [changes, extra]] of Object.entries(kept)) {
        it(`keep their tag and what they are built from after a change of ${what}`, () => {
            const [before, after] = [source(), source(changes(), extra)];
            assert.equal(pin(after).tag, pin(before).tag);
            assert.equal(inputsOf(pin(after), after), inputsOf(pin(before), before));
        });
    }

    const moved: Record<string, [changes: () => Files, extra?: Partial<PinnedSource>]> = {
        "a file it copies": [() => ({ "lock.txt": "2" })],
        "a file that a wildcard finds": [() => ({ "package-lock.json": "2" })],
        "a new file that a wildcard finds": [() => ({ "package-more.json": "1" })],
        "a file that a bind mount shows": [() => ({ "tools.lock": "2" })],
        "a file that a stage below it copies": [() => ({ "tools/main.go": "2" })],
        "a new file in a copied folder": [() => ({ "tools/new.go": "1" })],
        "a new empty folder in a copied folder": [() => ({ "tools/more/": "" })],
        "a file that is no longer ignored": [() => ({ ".dockerignore": "*.log\n" })],
        "a file that is ignored now": [() => ({ ".dockerignore": "*.log\ntools/secret\nlock.txt\n" })],
        "its instructions": [() => edited("RUN --mount=type=secret", "RUN --network=none --mount=type=secret")],
        "a here-document": [() => edited("install $", "install -v $")],
        "the instructions of a stage below it": [() => edited("target=/lock build", "target=/lock make")],
        "the base of a stage below it": [() => edited("/golang", "/rust")],
        "the id of a secret": [() => edited("id=npm", "id=pip")],
        "the syntax directive": [() => edited("dockerfile:1", "dockerfile:1.7")],
        "a global default": [() => edited("TAG=3.12", "TAG=3.13")],
        "a default of its own": [
            () => edited("ARG EXTRAS=none\nCOPY --from=tools", "ARG EXTRAS=all\nCOPY --from=tools"),
        ],
        "an argument in a base reference": [() => ({}), { buildArgs: { BASE_REGISTRY: "another", VERSION: "1" } }],
        "an argument in a global argument": [() => ({}), { buildArgs: { BASE_REGISTRY: "registry", TAG: "3.13" } }],
        "an argument whose name goes over two lines": [
            () => ({}),
            { buildArgs: { BASE_REGISTRY: "registry", EXTRAS: "all" } },
        ],
        "a proxy": [() => ({}), { buildArgs: { BASE_REGISTRY: "registry", http_proxy: "http://proxy" } }],
        "an argument of BuildKit's own": [
            () => ({}),
            { buildArgs: { BASE_REGISTRY: "registry", SOURCE_DATE_EPOCH: "0" } },
        ],
        "the platform": [() => ({}), { platform: "linux/arm64", platforms: ["linux/arm64"] }],
        "the rebuild key": [() => ({}), { rebuildKey: "2026" }],
        "the compression": [() => ({}), { compression: "zstd" }],
    };
    for (const [what, [changes, extra]] of Object.entries(moved)) {
        it(`get another tag after a change of ${what}`, () => {
            assert.notEqual(pin(source(changes(), extra)).tag, pin(source()).tag);
        });
    }

    it("get another tag for an executable, and for a link's target", () => {
        const plain = { Dockerfile: "FROM scratch AS deps\nCOPY tools /\nFROM deps\nCOPY app /\n" };
        const executable = source(plain);
        fs.chmodSync(path.join(executable.context, "tools/main.go"), 0o755);
        const tags = [
            source(plain),
            executable,
            source({ ...plain, "tools/link": "-> a" }),
            source({ ...plain, "tools/link": "-> b" }),
        ];
        assert.equal(new Set(tags.map((one) => pin(one).tag)).size, 4);
        assert.equal(
            tags.some((one) => pin(one).unclear !== undefined),
            false,
        );
    });

    it("that ask for the host's platform get another tag for it", () => {
        const changes = edited(
            "FROM ${BASE_REGISTRY}/golang",
            "FROM --platform=$BUILDPLATFORM ${BASE_REGISTRY}/golang",
        );
        const [amd64, arm64] = ["linux/amd64", "linux/arm64"].map((buildPlatform) =>
            pin(source(changes, { buildPlatform })),
        );
        assert.notEqual(amd64!.tag, arm64!.tag);
    });
});
