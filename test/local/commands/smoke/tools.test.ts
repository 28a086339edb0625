import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildkitReference, buildkitRelease } from "../../../../infra/plan/buildkitRelease";
import { builderFault, checkTools, realTools } from "../../../../local/commands/smoke/tools";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";

describe("smoke: what has to be there before anything is created", () => {
    let folder: string;
    before(async () => {
        folder = await makeTemporaryFolder();
    });
    after(() => fs.rmSync(folder, { recursive: true }));

    /** Checks with stand-ins for the programs. @param builder output of docker buildx about the builder */
    function check(builder: string, programs: string[]): Promise<void> {
        const PATH = fs.mkdtempSync(path.join(folder, "path-"));
        for (const name of programs) {
            const text = `#!/bin/sh\nwhile read -r line; do echo "$line"; done <<'END'\n${builder}\nEND\n`;
            fs.writeFileSync(path.join(PATH, name), text, { mode: 0o755 });
        }
        return checkTools({ tools: realTools, environment: { PATH } });
    }
    const all = ["docker", "pulumi", "aws"];
    const ours = buildkitRelease.version;
    const patched = ours.replace(/\d+$/, "99");

    it("is a builder that writes caches to a registry, of CodeBuild's release, Pulumi's CLI and that of AWS", async () => {
        await check(inspected("docker-container", `v${ours}`), all);
        await check(inspected("remote", `v${patched}`, `v${ours}`), all);
    });

    const good = inspected("remote", `v${ours}`);
    const refusals: [what: string, builder: string, programs: string[], message: RegExp][] = [
        [
            "Docker",
            good,
            ["pulumi", "aws"],
            /^`docker buildx inspect --bootstrap` does not succeed \(docker is not installed.* install Docker/,
        ],
        [
            "another driver than Docker's own",
            inspected("docker", `v${ours}`),
            all,
            /: the driver is "docker", which writes no cache to a registry\. .*docker buildx create --use/,
        ],
        ["Pulumi's CLI", good, ["docker", "aws"], /^`pulumi version` .*Install Pulumi's CLI/],
        ["the AWS CLI", good, ["docker", "pulumi"], /^`aws --version` .*Install the AWS CLI/],
    ];
    for (const [what, builder, programs, message] of refusals) {
        it(`without ${what} it says what to install, and that nothing was created`, async () => {
            await assert.rejects(check(builder, programs), (error: Error) => {
                assert.match(error.message, message);
                return error.message.endsWith(" Nothing was created.");
            });
        });
    }

    it("with BuildKit of another release it says how to make a builder of CodeBuild's, in one sentence", async () => {
        await assert.rejects(check(inspected("docker-container", "v0.12.5"), all), {
            message:
                "`docker buildx inspect --bootstrap` shows what will not do: BuildKit is v0.12.5, where CodeBuild builds with " +
                `${ours.replace(/\.\d+$/, "")}. ${realTools[0]!.advice} Nothing was created.`,
        });
        assert.ok(realTools[0]!.advice.endsWith(` --driver-opt image=${buildkitReference}.`));
    });
});

describe("smoke: a builder", () => {
    const [major, minor] = buildkitRelease.version.split(".");
    const wanted = `${major}.${minor}`;
    const driver = (name: string) => `the driver is "${name}", which writes no cache to a registry`;
    const table: [what: string, builder: string, fault: string | undefined][] = [
        ["of the same release", inspected("docker-container", `v${buildkitRelease.version}`), undefined],
        ["whose version has no v", inspected("remote", buildkitRelease.version), undefined],
        ["with a candidate of the same minor release", inspected("remote", `v${wanted}.0-rc1`), undefined],
        ["of Docker itself", inspected("docker", `v${buildkitRelease.version}`), driver("docker")],
        ["that is not shown", "", driver("")],
        [
            "with one node of a later release",
            inspected("docker-container", `v${buildkitRelease.version}`, `v${major}.${Number(minor) + 1}.0`),
            `BuildKit is v${major}.${Number(minor) + 1}.0, where CodeBuild builds with ${wanted}`,
        ],
        [
            "whose minor release begins alike",
            inspected("remote", `v${wanted}0.0`),
            `BuildKit is v${wanted}0.0, where CodeBuild builds with ${wanted}`,
        ],
        ["of a commit", inspected("remote", "f1a2b3c"), `BuildKit is f1a2b3c, where CodeBuild builds with ${wanted}`],
        ["without a version", inspected("remote"), "it names no version of BuildKit"],
    ];
    for (const [what, builder, fault] of table) {
        it(`${what} ${fault === undefined ? "will do" : "will not"}`, () => assert.equal(builderFault(builder), fault));
    }
});

/** Makes the output of `docker buildx inspect` about a builder, with the used parts. @param versions versions of BuildKit, of each node */
function inspected(driver: string, ...versions: string[]): string {
    const nodes = versions.map((version, index) =>
        [`Name:             x${index}`, `BuildKit version: ${version}`, "Platforms:        linux/amd64*"].join("\n"),
    );
    return ["Name:          x", `Driver:        ${driver}`, "", "Nodes:", ...nodes].join("\n");
}
