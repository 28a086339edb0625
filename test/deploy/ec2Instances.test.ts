import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type DeployWorld, repositoryName, run, startDeployWorld } from "./deployWorld";
import { assumeDeployRole, documentName, targetVariables } from "./ec2World";
import { makeSimpleInstances } from "./simpleInstances";

describe("deploy/ec2.sh on several instances, under the declared deploy role", function () {
    this.timeout(60_000);
    let world: DeployWorld;
    let folder: string;
    let role: Record<string, string>;
    let instances: Awaited<ReturnType<typeof makeSimpleInstances>>;
    const digests: string[] = [];

    before(async () => {
        world = await startDeployWorld();
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "instances-"));
        for (const name of ["one", "two"]) digests.push(await world.pushImage(name));
        await world.putParameter(`${world.repositoryUrl}@${digests[0]}`);
        const { admin, configuration } = world;
        const { ssmDirectory } = configuration;
        instances = await makeSimpleInstances({ admin, ssmDirectory, folder, count: 3 });
        role = await assumeDeployRole(world);
    });
    after(async () => {
        fs.rmSync(folder, { recursive: true });
        await world.stop();
    });
    beforeEach(() => instances.reset());

    const deploy = (image: number, variables: Record<string, string> = {}) =>
        run(["deploy/ec2.sh", "--image", digests[image]!], {
            ...world.environment,
            ...role,
            ...targetVariables,
            ...variables,
        });
    const refuse = (number: number, image: number) => instances.refuse(number, digests[image]!);
    /** Lists the images that were deployed on each instance, in order. */
    const deployed = () => instances.deployed().map((list) => list.map((digest) => digests.indexOf(digest)));
    const live = async () => (await world.parameter(":live").catch(() => undefined))?.value?.split("@")[1];

    it("has nothing to go back to when the first release of all fails", async () => {
        refuse(2, 0);
        const { code, stderr } = await deploy(0);
        assert.deepEqual([code, stderr], [1, `error: ${digests[0]} was not released; the record was not changed.\n`]);
        assert.deepEqual([deployed(), await live()], [[[0], [], []], undefined]);
    });

    it("records a release after every instance has it", async () => {
        const { code, stdout } = await deploy(0);
        assert.equal(code, 0, stdout);
        assert.deepEqual([deployed(), await live()], [[[0], [0], [0]], digests[0]]);
        for (const { instanceId } of instances.nodes) assert.match(stdout, new RegExp(`^${instanceId}: Success$`, "m"));
    });

    it("takes the instances that were updated back when a later one fails, and touches no further one", async () => {
        refuse(2, 1);
        const { code, stdout, stderr } = await deploy(1);
        assert.deepEqual([code, stderr], [1, `error: ${digests[1]} was not released; the record was not changed.\n`]);
        assert.deepEqual([deployed(), await live()], [[[1, 0], [], []], digests[0]]);
        assert.match(stdout, new RegExp(`^i-00000000000000002: ${digests[1]} did not become healthy$`, "m"));
        assert.match(stdout, /^i-00000000000000002: Failed$/m);
        assert.match(stdout, /^i-00000000000000003: Terminated$/m);
        assert.match(stdout, new RegExp(`^back to ${digests[0]} on i-00000000000000001$`, "m"));
    });

    it("takes all of them back when the last one fails", async () => {
        refuse(3, 1);
        const { code, stdout } = await deploy(1);
        assert.equal(code, 1);
        assert.deepEqual([deployed(), await live()], [[[1, 0], [1, 0], []], digests[0]]);
        assert.match(stdout, /^back to \S+ on i-00000000000000001,i-00000000000000002$/m);
    });

    it("says that they do not run the same when one does not go back either", async () => {
        refuse(3, 1);
        refuse(1, 0);
        const { code, stderr } = await deploy(1);
        assert.deepEqual(
            [code, stderr],
            [
                1,
                `error: ${digests[1]} was not released, and going back failed on some instances (above); they do not run the same.\n`,
            ],
        );
        // The second one goes back all the same.
        assert.deepEqual([deployed(), await live()], [[[1], [1, 0], []], digests[0]]);
    });

    it("cancels a command that has not ended at the deadline", async () => {
        instances.hang(1);
        const { code, stdout, stderr } = await deploy(1, { DEPLOY_DEADLINE: "2" });
        assert.deepEqual([code, stderr], [1, `error: ${digests[1]} was not released; the record was not changed.\n`]);
        assert.match(stdout, /^the command was cancelled: it had not ended after 2 s \(DEPLOY_DEADLINE\)$/m);
        for (const { instanceId } of instances.nodes)
            assert.match(stdout, new RegExp(`^${instanceId}: Cancelled$`, "m"));
        assert.deepEqual([deployed(), await live()], [[[], [], []], digests[0]]);
    });

    it("fails when no instance carries the tag", async () => {
        for (const node of instances.nodes) await instances.remove(node);
        const { code, stdout, stderr } = await deploy(1);
        assert.equal(code, 1);
        assert.match(
            stdout,
            /^no instance was reached: none that is online matches --targets Key=tag:Deploy,Values=shop-dev$/m,
        );
        assert.equal(stderr, `error: ${digests[1]} was not released; the record was not changed.\n`);
    });

    it("counts an instance whose agent does not answer as failed", async () => {
        await instances.register({ ...instances.nodes[1]!, pingStatus: "ConnectionLost" });
        const { code, stdout } = await deploy(1);
        assert.equal(code, 1);
        assert.match(stdout, /^i-00000000000000002: Undeliverable$/m);
        assert.deepEqual([deployed(), await live()], [[[1, 0], [], []], digests[0]]);
    });

    describe("whose role may not", () => {
        const command = ["ssm", "send-command", "--parameters", `Digest=sha256:${"0".repeat(64)}`];
        const forbidden: [what: string, args: () => string[]][] = [
            [
                "send another document",
                () => [...command, "--document-name", "other-deploy", "--targets", targetVariables.DEPLOY_TARGETS],
            ],
            [
                "send AWS-RunShellScript",
                () => [
                    ...["ssm", "send-command", "--document-name", "AWS-RunShellScript", "--parameters", "commands=id"],
                    ...["--targets", targetVariables.DEPLOY_TARGETS],
                ],
            ],
            [
                "send its document to an instance without the tag",
                () => [...command, "--document-name", documentName, "--instance-ids", stranger],
            ],
            ["write another parameter", () => ["ssm", "put-parameter", "--name", "/shop/prod/x", "--value", "a"]],
            ["change the document", () => ["ssm", "update-document", "--name", documentName, "--content", "{}"]],
            [
                "delete an image",
                () => [
                    ...["ecr", "batch-delete-image", "--repository-name", repositoryName],
                    ...["--image-ids", `imageDigest=${digests[0]}`],
                ],
            ],
            ["start a build", () => ["codebuild", "start-build", "--project-name", "shop-dev"]],
        ];
        const stranger = "i-00000000000000009";
        before(() => instances.register({ ...instances.nodes[0]!, instanceId: stranger, tags: { Deploy: "other" } }));
        for (const [what, args] of forbidden) {
            it(what, async () => {
                const { code, stderr } = await run(["aws", ...args(), "--region", world.region], {
                    ...world.environment,
                    ...role,
                });
                assert.notEqual(code, 0);
                assert.match(stderr, /AccessDenied/);
            });
        }
    });
});
