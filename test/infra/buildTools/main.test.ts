import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { bundleBuildTools } from "../../../local/commands/buildTools";
import { type ImageState, readState, writeState } from "../../../infra/buildTools/buildState";
import { temporaryFolder, writeTree } from "../temporaryFolder";
import { fakeBuildx } from "./fakeBuildx";
import { build, image, imageState } from "./imageStates";

describe("the command build of the bundled tools", () => {
    const folder = temporaryFolder();

    /** Runs the command as the buildspec does. */
    function run(images: ImageState[], variables: Record<string, string> = {}) {
        const work = path.join(folder.path, "work");
        writeTree(work, { "tools.js": bundleBuildTools(), "secret-files/npm": "1" });
        writeState(work, { images, parallelBuilds: 2, marks: [] });
        const fake = fakeBuildx(folder.path, "docker-buildx");
        const own = {
            BUILDKIT_ADDRESS: "tcp://buildkit:1234",
            BUILD_TOOLS_BUCKET: "shop-cache",
        };
        const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(work, "tools.js"), "build", work], {
            env: { ...fake.variables, ...own, ...variables },
            encoding: "utf8",
        });
        return { status, stdout, stderr, calls: fake.calls, state: readState(work) };
    }

    const plan = { ...image, tests: undefined };

    it("builds what is missing, joins the platforms, and notes what was built and when", () => {
        const { status, stdout, stderr, calls, state } = run([imageState(plan, [])]);
        assert.deepEqual([status, stderr], [0, ""]);
        assert.match(stdout, /^app amd64 \| Building app for amd64$/m);
        assert.match(stdout, /^app arm64 \| #1 DONE 2\.0s$/m);
        assert.deepEqual(
            calls().map(({ command }) => command),
            ["create", "build", "build", "imagetools"],
        );
        const joined = ["registry/shop@sha256:1", "registry/shop@sha256:1"];
        assert.deepEqual(calls()[3]!.args, ["create", "--tag=registry/shop:src-1", ...joined]);
        const summary = { stepsCached: 0, stepsRun: 1, bytesRead: 0, seconds: { steps: 2, exports: 0 } };
        const built = { summary, digest: "sha256:1" };
        assert.deepEqual(state.images[0]!.built, { amd64: built, arm64: built });
        assert.deepEqual(
            state.marks.map(({ phase }) => phase),
            ["builder", "build"],
        );
    });

    it("has no builder where platforms are only joined", () => {
        const there = ["src-1-amd64", "src-1-arm64"];
        const { status, calls, state } = run([imageState(plan, there)]);
        assert.equal(status, 0);
        const joined = there.map((tag) => `registry/shop@sha256:${tag}`);
        assert.deepEqual(
            calls().map(({ command, args }) => [command, ...args]),
            [["imagetools", "create", "--tag=registry/shop:src-1", ...joined]],
        );
        assert.deepEqual(state.marks, []);
    });

    it("ends with one sentence, and joins nothing, where a build fails", () => {
        const failing = { ...plan, builds: [build("amd64"), { ...build("arm64"), arguments: ["fails"] }] };
        const { status, stdout, stderr, calls } = run([imageState(failing, [])]);
        assert.deepEqual([status, stderr], [1, "Building app for arm64 failed: docker-buildx build ended with 3.\n"]);
        assert.match(stdout, /^app arm64 \| ERROR: failed to build$/m);
        assert.equal(
            calls().some(({ command }) => command === "imagetools"),
            false,
        );
    });

    it("says what to set where there is no BuildKit, before it begins anything", () => {
        const { status, stderr } = run([imageState(plan, [])], { BUILDKIT_ADDRESS: "" });
        assert.equal(status, 1);
        assert.match(stderr, /^The variable BUILDKIT_IMAGE is missing; .*\n$/);
    });
});
