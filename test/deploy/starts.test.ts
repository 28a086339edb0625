import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type DeployWorld, run, startDeployWorld } from "./deployWorld";
import { assumeDeployRole, targetVariables } from "./ec2World";
import { makeSimpleInstances } from "./simpleInstances";

/** Calls that are repeated until the command has ended. */
const polls = ["list-command-invocations", "list-commands"];

describe("starts of the AWS CLI of a release on EC2", function () {
    this.timeout(60_000);
    let world: DeployWorld;
    let folder: string;
    let role: Record<string, string>;
    const digests: string[] = [];

    before(async () => {
        world = await startDeployWorld();
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "starts-"));
        for (const name of ["one", "two", "three"]) digests.push(await world.pushImage(name));
        await world.putParameter(`${world.repositoryUrl}@${digests[0]}`);
        const { admin, configuration } = world;
        const { ssmDirectory } = configuration;
        const instances = await makeSimpleInstances({ admin, ssmDirectory, folder, count: 2 });
        await instances.reset();
        role = await assumeDeployRole(world);
        const counting = `#!/bin/sh\necho "$2" >>"${folder}/starts"\nexec "$AWS_OF_TEST" "$@"\n`;
        fs.mkdirSync(path.join(folder, "bin"));
        fs.writeFileSync(path.join(folder, "bin/aws"), counting, { mode: 0o755 });
    });
    after(async () => {
        fs.rmSync(folder, { recursive: true });
        await world.stop();
    });

    /** Deploys an image, or the release before. @returns the operations of all starts, without polls, sorted */
    const starts = async (image: number | undefined): Promise<string[]> => {
        fs.rmSync(path.join(folder, "starts"), { force: true });
        const { PATH = "", ...environment } = world.environment;
        const command =
            image === undefined ? ["deploy/rollback.sh", "ec2"] : ["deploy/ec2.sh", "--image", digests[image]!];
        const { code, stderr } = await run(command, {
            ...environment,
            ...role,
            ...targetVariables,
            AWS_OF_TEST: path.join(PATH.split(":")[0]!, "aws"),
            PATH: `${path.join(folder, "bin")}:${PATH}`,
        });
        assert.deepEqual([code, stderr], [0, ""]);
        const operations = fs.readFileSync(path.join(folder, "starts"), "utf8").trim().split("\n");
        return operations.filter((operation) => !polls.includes(operation)).sort();
    };
    /** Calls for the whole output, one for each instance. */
    const outputs = ["get-command-invocation", "get-command-invocation"];

    it("are ten for a new image, besides polls and each instance's output", async () => {
        await starts(0);
        assert.deepEqual(await starts(1), [
            "batch-get-image",
            "describe-images",
            ...outputs,
            "get-parameter-history",
            "get-parameter-history",
            "label-parameter-version",
            "label-parameter-version",
            "put-image",
            "put-image",
            "put-parameter",
            "send-command",
        ]);
    });

    it("are one look at the record and the image, and the command, for the image that runs", async () => {
        assert.deepEqual(await starts(1), ["describe-images", ...outputs, "get-parameter-history", "send-command"]);
    });

    it("are one more for a rollback, which looks for the release before", async () => {
        assert.equal((await starts(undefined)).length, 10 + outputs.length + 1);
    });
});
