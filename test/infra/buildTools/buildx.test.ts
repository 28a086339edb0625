import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { builderArguments, BuildxProcesses } from "../../../infra/buildTools/buildx";
import { temporaryFolder, writeTree } from "../temporaryFolder";
import { fakeBuildx } from "./fakeBuildx";

describe("docker buildx", () => {
    const folder = temporaryFolder();
    const work = () => path.join(folder.path, "work");

    /** Makes a build host with a program of this name instead of Docker's. */
    function host(name: "docker" | "docker-buildx", variables: Record<string, string> = {}) {
        writeTree(work(), { "secret-files/npm": "1", "secret-files/ca": "2" });
        const fake = fakeBuildx(folder.path, name);
        const own = { OWN: "1", BUILDKIT_ADDRESS: "tcp://buildkit:1234" };
        return { buildx: new BuildxProcesses(work(), { ...fake.variables, ...own, ...variables }), calls: fake.calls };
    }

    it("builds with the builder, the secrets and arguments as they are, and says what was done", async () => {
        const { buildx, calls } = host("docker-buildx");
        const lines: string[] = [];
        await buildx.withBuilder(async () => {
            const { digest, summary } = await buildx.build(["--build-arg=A=b c\n'd", "context"], (line) =>
                lines.push(line),
            );
            assert.equal(digest, "sha256:1");
            assert.deepEqual(summary, { stepsCached: 0, stepsRun: 1, bytesRead: 0, seconds: { steps: 2, exports: 0 } });
        });
        assert.deepEqual(lines, ["#1 [1/1] RUN make", "#1 DONE 2.0s"]);
        assert.deepEqual(calls()[1]?.args, [
            "--builder=some_builder",
            "--progress=rawjson",
            `--metadata-file=${work()}/metadata-1.json`,
            `--secret=id=ca,src=${work()}/secret-files/ca`,
            `--secret=id=npm,src=${work()}/secret-files/npm`,
            "--build-arg=A=b c\n'd",
            "context",
        ]);
    });

    it("gets a login and settings of its own at each start, and never asks git", async () => {
        const { buildx, calls } = host("docker-buildx", { BUILDKIT_ADDRESS: "", BUILDKIT_IMAGE: "registry/buildkit" });
        await buildx.withBuilder(async () => void (await buildx.build(["context"], () => undefined)));
        await buildx.join("registry/shop:1", ["registry/shop@sha256:1"]);
        const variables = {
            DOCKER_CONFIG: `${work()}/docker`,
            BUILDX_CONFIG: `${work()}/buildx`,
            BUILDX_METADATA_PROVENANCE: "disabled",
            BUILDX_GIT_INFO: "0",
            BUILDX_GIT_LABELS: "0",
            OWN: "1",
        };
        assert.deepEqual(
            calls().map((call) => ({ ...call, args: undefined })),
            ["create", "build", "rm", "imagetools"].map((command) => ({
                program: "docker-buildx",
                command,
                args: undefined,
                variables,
            })),
        );
        assert.deepEqual(calls()[3]?.args, ["create", "--tag=registry/shop:1", "registry/shop@sha256:1"]);
    });

    it("is a command of docker where it is no program of its own", async () => {
        const { buildx, calls } = host("docker");
        await buildx.join("registry/shop:1", []);
        const { program, command, args } = calls()[0]!;
        assert.deepEqual([program, command, args[0]], ["docker", "buildx", "imagetools"]);
    });

    const failures: [what: string, last: string, message: string][] = [
        ["fails", "fails", "docker-buildx build ended with 3."],
        ["is killed", "killed", "docker-buildx build ended with SIGKILL."],
    ];
    for (const [what, last, message] of failures) {
        it(`says how a build ended that ${what}, and removes the builder that it started`, async () => {
            const { buildx, calls } = host("docker-buildx", {
                BUILDKIT_ADDRESS: "",
                BUILDKIT_IMAGE: "registry/buildkit",
            });
            const lines: string[] = [];
            const failing = buildx.withBuilder(
                async () => void (await buildx.build([last], (line) => lines.push(line))),
            );
            await assert.rejects(failing, { message });
            assert.deepEqual(lines, last === "fails" ? ["ERROR: failed to build"] : []);
            assert.deepEqual([calls().at(-1)?.command, calls().at(-1)?.args], ["rm", ["some_builder"]]);
        });
    }

    it("is missed where the host has none", async () => {
        writeTree(work(), { "secret-files/npm": "1" });
        const buildx = new BuildxProcesses(work(), { PATH: folder.path });
        await assert.rejects(buildx.join("registry/shop:1", []), {
            message: "The host has no docker buildx: spawn docker ENOENT.",
        });
    });

    it("tells no digest of what was not pushed", async () => {
        const { buildx } = host("docker-buildx");
        assert.equal((await buildx.build(["unpushed"], () => undefined)).digest, undefined);
    });

    it("leaves a BuildKit that runs already as it is", async () => {
        const { buildx, calls } = host("docker-buildx");
        await buildx.withBuilder(() => Promise.resolve());
        assert.deepEqual(
            calls().map(({ command, args }) => [command, ...args]),
            [["create", "--bootstrap", "--driver=remote", "tcp://buildkit:1234"]],
        );
    });

    const builders: [what: string, variables: Record<string, string>, expected: string[]][] = [
        [
            "one that runs already, even if there is an image",
            { BUILDKIT_ADDRESS: "tcp://buildkit:1234", BUILDKIT_IMAGE: "registry/buildkit" },
            ["--driver=remote", "tcp://buildkit:1234"],
        ],
        [
            "one from an image",
            { BUILDKIT_ADDRESS: "", BUILDKIT_IMAGE: "registry/buildkit" },
            ["--driver=docker-container", "--driver-opt=image=registry/buildkit", "--config=FOLDER/buildkitd.toml"],
        ],
    ];
    for (const [what, variables, expected] of builders) {
        it(`takes ${what}`, () => {
            const args = builderArguments(folder.path, variables);
            assert.deepEqual(
                args.map((one) => one.replace(folder.path, "FOLDER")),
                expected,
            );
        });
    }

    it("lets a BuildKit that it starts ask a registry for 32 things at a time", () => {
        builderArguments(folder.path, { BUILDKIT_IMAGE: "registry/buildkit" });
        const settings = readFileSync(path.join(folder.path, "buildkitd.toml"), "utf8");
        assert.equal(settings, "[system]\n  maxRegistryConcurrency = 32\n");
    });

    it("says what to set where there is no BuildKit", () => {
        assert.throws(() => builderArguments(folder.path, { BUILDKIT_IMAGE: "" }), {
            message:
                "The variable BUILDKIT_IMAGE is missing; the CodeBuild project sets it, run `pulumi up` to get it back.",
        });
    });
});
