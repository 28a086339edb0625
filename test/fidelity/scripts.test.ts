import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import * as path from "node:path";
import { ec2Document } from "../../infra/release/ec2/ec2Document";
import { projectRoot, toolsDirectory } from "../../local/paths";

const hostScript = () => {
    const document = JSON.parse(
        ec2Document({
            region: "eu-central-1",
            repositoryUrl: "registry/shop",
            bucketName: "bucket",
            composeFiles: ["compose.yml"],
            project: "shop",
            service: "go",
            secretKeys: [],
            directoryAppParameter: "/directory",
            secretNameParameter: "/secret",
            healthSeconds: 1,
            keepImages: 2,
            timeoutSeconds: 1,
        }),
    ) as { mainSteps: { inputs: { runCommand: string[] } }[] };
    return document.mainSteps[0]!.inputs.runCommand.join("\n");
};

describe("scripts", function () {
    this.timeout(20_000);

    for (const name of readdirSync(path.join(projectRoot, "deploy")).filter((one) => one.endsWith(".sh"))) {
        it(`deploy/${name} passes shellcheck with what it sources`, () => {
            assert.equal(shellcheck(["--external-sources", name]), "");
        });
    }

    it("what the SSM document runs passes shellcheck, with the scripts that it writes and sources", () => {
        const folder = path.join(projectRoot, "infra/release/ec2/host");
        assert.equal(shellcheck(["--external-sources", `--source-path=${folder}`, "-"], hostScript()), "");
    });

    it("would not, with a variable that may fall apart (this test can fail)", () => {
        assert.match(shellcheck(["-"], "echo $1"), /SC2086/);
    });
});

function shellcheck(args: string[], input?: string): string {
    const executable = path.join(toolsDirectory, "python/bin/shellcheck");
    const result = spawnSync(executable, ["--shell", "sh", "--format=gcc", ...args], {
        cwd: path.join(projectRoot, "deploy"),
        input,
        encoding: "utf8",
    });
    assert.equal(result.error, undefined);
    return result.stdout;
}
