import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { checkTools, realTools } from "../../../../local/commands/smoke/tools";
import { makeTemporaryFolder } from "../../world/toolchain/temporaryFolder";

describe("smoke: what has to be there before anything is created", () => {
    let folder: string;
    before(async () => {
        folder = await makeTemporaryFolder();
    });
    after(() => fs.rmSync(folder, { recursive: true }));

    /** Checks with stand-ins for the programs. @param driver of the builder that docker buildx shows */
    function check(driver: string, programs: string[]): Promise<void> {
        const PATH = fs.mkdtempSync(path.join(folder, "path-"));
        for (const name of programs) {
            fs.writeFileSync(path.join(PATH, name), `#!/bin/sh\necho 'Name:   x'\necho 'Driver: ${driver}'\n`, {
                mode: 0o755,
            });
        }
        return checkTools({ tools: realTools, environment: { PATH } });
    }
    const all = ["docker", "pulumi", "aws"];

    it("is a builder that writes caches to a registry, Pulumi's CLI and that of AWS", async () => {
        await check("docker-container", all);
        await check("remote", all);
    });

    const refusals: [what: string, driver: string, programs: string[], message: RegExp][] = [
        [
            "Docker",
            "remote",
            ["pulumi", "aws"],
            /^`docker buildx inspect --bootstrap` .*docker is not installed.* install Docker/,
        ],
        ["another driver than Docker's own", "docker", all, /^`docker buildx .*docker buildx create --use/],
        ["Pulumi's CLI", "remote", ["docker", "aws"], /^`pulumi version` .*Install Pulumi's CLI/],
        ["the AWS CLI", "remote", ["docker", "pulumi"], /^`aws --version` .*Install the AWS CLI/],
    ];
    for (const [what, driver, programs, message] of refusals) {
        it(`without ${what} it says what to install, and that nothing was created`, async () => {
            await assert.rejects(check(driver, programs), (error: Error) => {
                assert.match(error.message, message);
                return error.message.endsWith(" Nothing was created.");
            });
        });
    }
});
