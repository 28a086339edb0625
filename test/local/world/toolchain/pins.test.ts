import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { buildkitRelease } from "../../../../infra/plan/buildkitRelease";
import { projectRoot } from "../../../../local/paths";
import { pinsDirectory } from "../../../../local/world/toolchain/context";
import { readGoModule, requiredVersion } from "../../../../local/world/toolchain/goModule";
import { buildArguments, readGoModules } from "../../../../local/world/toolchain/goTools";
import { dockerBuildVersion, pinnedBuildkitVersion } from "../../../../local/world/toolchain/goToolTable";
import { pinnedVersion } from "../../../../local/world/toolchain/pythonTools";

describe("pinned tools", () => {
    it("pins the provider to the version of its SDK", async () => {
        const module = await readGoModule(path.join(pinsDirectory, "docker-build"));
        assert.equal(
            requiredVersion(module, "github.com/pulumi/pulumi-docker-build"),
            `v${await dockerBuildVersion()}`,
        );
    });

    it("builds Pulumi's engine and its SDK in one version", async () => {
        const module = await readGoModule(path.join(pinsDirectory, "pulumi"));
        const versions = ["pkg", "sdk"].map((part) => requiredVersion(module, `github.com/pulumi/pulumi/${part}/v3`));
        assert.equal(versions[0], versions[1]);
        assert.match(versions[0] ?? "", /^v3\./);
    });

    it("builds BuildKit in the release that CodeBuild builds on", async () => {
        const { buildkit } = await readGoModules(pinsDirectory);
        assert.equal(pinnedBuildkitVersion(buildkit), buildkitRelease.version);
    });

    it("tells the programs their versions, as go.mod has them", () => {
        const text = [
            "require (",
            "\tgithub.com/docker/buildx v0.35.0 // indirect",
            "\tgithub.com/moby/buildkit v0.31.0",
            "\tgithub.com/pulumi/pulumi-docker-build v0.0.22 // indirect",
            ")",
            "require github.com/pulumi/pulumi/sdk/v3 v3.245.0",
        ].join("\n");
        assert.deepEqual(buildArguments({ folder: "/pins", text, goVersion: "1.26.0" }), [
            "build",
            "-trimpath",
            "-tags",
            "osusergo,grpcnotrace",
            "-gcflags=all=-dwarf=false",
            "-ldflags",
            "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.245.0 -X github.com/pulumi/pulumi-docker-build/provider.Version=0.0.22 -X github.com/docker/buildx/version.Version=v0.35.0 -X github.com/moby/buildkit/version.Version=v0.31.0",
        ]);
    });

    it("tells Docker's daemon its version, as no other program", () => {
        const dockerd = { variable: "dockerversion.Version", module: "github.com/docker/docker", prefix: "" };
        const text = "require github.com/docker/docker v28.5.2+incompatible // indirect\n";
        const module = { folder: "/pins", text, goVersion: "1.26.0" };
        assert.equal(buildArguments(module).at(-1), "-s -w");
        assert.equal(buildArguments(module, [dockerd]).at(-1), "-s -w -X dockerversion.Version=28.5.2");
    });

    it("pins every Python package exactly, to files with known hashes", async () => {
        const text = await fs.readFile(path.join(pinsDirectory, "requirements.txt"), "utf8");
        const lines = text
            .replaceAll("\\\n", "")
            .split("\n")
            .filter((line) => line !== "" && !line.startsWith("#"));
        assert.deepEqual(
            lines.filter((line) => !/^[a-z0-9-]+==[0-9][0-9a-z.]*( +--hash=sha256:[0-9a-f]{64})+$/.test(line)),
            [],
        );
        assert.equal(pinnedVersion(text, "ministack"), "1.5.33");
    });

    const ofDockerfile =
        /^FROM (?:--\S+ )*(\S*[/:]\S*)|^# *syntax=(\S+)|^COPY .*--from=(\S*[/:]\S*)|,from=(\S*[/:][^\s,]*)/gm;
    /** Patterns that find the fetched actions and images in each kind of file: the group that matches. */
    const namesIn: Record<string, RegExp> = {
        "deploy/github-workflow.yml": /uses: (\S+)|image=(\S+)/g,
        "deploy/gitlab-ci.yml": /image: ([^$\s]\S*)|- name: (docker:\S+)|image=(\S+)/g,
        ".devcontainer/devcontainer.json": /"([a-z.]+\.(?:com|io)\/\S+)"/g,
        "app/Dockerfile": ofDockerfile,
        // IMAGE_URI is the release itself, by its digest.
        "app/docker-compose.prod.yml": /image: (?!\$\{IMAGE_URI:)(\S+)/g,
        "bench/base-images/Dockerfile": ofDockerfile,
        "local/world/base-images/Dockerfile": ofDockerfile,
        "local/world/database-image/Dockerfile": ofDockerfile,
    };

    it("names each action and image by its content, or tells in docs what keeps its tag", async () => {
        const read = (file: string) => fs.readFile(path.join(projectRoot, file), "utf8");
        const record = await read("docs/decisions/111-what-is-pinned-to-its-content.md");
        const found = await Promise.all(
            Object.entries(namesIn).map(async ([file, pattern]) => {
                const matches = (await read(file)).matchAll(pattern);
                return [file, [...matches].map((one) => one.slice(1).find((name) => name !== undefined)!)] as const;
            }),
        );
        assert.deepEqual(Object.fromEntries(found.map(([file, names]) => [file, names.length])), {
            "deploy/github-workflow.yml": 12,
            "deploy/gitlab-ci.yml": 2,
            ".devcontainer/devcontainer.json": 3,
            "app/Dockerfile": 2,
            "app/docker-compose.prod.yml": 1,
            "bench/base-images/Dockerfile": 3,
            "local/world/base-images/Dockerfile": 0,
            "local/world/database-image/Dockerfile": 0,
        });
        assert.deepEqual(
            found.flatMap(([, names]) => names).filter((name) => !record.includes(`\`${name}\``)),
            [],
        );
    });

    it("reads every Dockerfile and compose file of the repository for that", async () => {
        const folders = ["app", "bench", "buildspecs", "deploy", "docs", "infra", "local", "tools"];
        const files = await Promise.all(
            folders.map(async (folder) => {
                const names = await fs.readdir(path.join(projectRoot, folder), { recursive: true });
                return names.map((name) => `${folder}/${name}`);
            }),
        );
        const naming = files.flat().filter((file) => /(^|\/)Dockerfile$|\/[^/]*compose[^/]*\.ya?ml$/.test(file));
        assert.deepEqual(
            naming.sort(),
            Object.keys(namesIn)
                .filter((file) => /Dockerfile|compose/.test(file))
                .sort(),
        );
    });

    it("downloads no file whose checksum the record does not give sources for", async () => {
        const text = await fs.readFile(path.join(pinsDirectory, "downloads.json"), "utf8");
        const record = await fs.readFile(
            path.join(projectRoot, "docs/decisions/153-tools-that-are-downloaded.md"),
            "utf8",
        );
        const checksums = [...text.matchAll(/"sha256": "([^"]*)"/g)].map(([, checksum]) => checksum!);
        assert.ok(checksums.length > 0);
        assert.deepEqual(
            checksums.filter((checksum) => !record.includes(`\`${checksum}\`:`)),
            [],
        );
    });

    it("compiles what Pulumi and its provider have in common once", async () => {
        const modules = await readGoModules(pinsDirectory);
        const versionsOf = (name: "pulumi" | "docker-build") =>
            new Map(
                [...modules[name].text.matchAll(/^\t(\S+) (v\S+)/gm)].map(([, module, version]) => [module!, version!]),
            );
        const [pulumi, provider] = [versionsOf("pulumi"), versionsOf("docker-build")];
        // Those with the most packages and those that the most packages import.
        for (const module of [
            "github.com/pulumi/pulumi/sdk/v3",
            "github.com/pulumi/pulumi/pkg/v3",
            "google.golang.org/grpc",
            "google.golang.org/protobuf",
            "golang.org/x/net",
            "golang.org/x/sys",
            "golang.org/x/text",
            "golang.org/x/crypto",
            "github.com/aws/aws-sdk-go-v2",
        ]) {
            assert.equal(pulumi.get(module), provider.get(module), module);
            assert.notEqual(pulumi.get(module), undefined, module);
        }
    });

    it("says which package has no version", () => {
        assert.throws(() => pinnedVersion("a>=1.0.0\n", "a"), {
            message: "requirements.txt does not pin a to a version.",
        });
    });
});
