import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { CreateDocumentCommand } from "@aws-sdk/client-ssm";
import { ec2TrustPolicy } from "../../infra/release/ec2/ec2RolePolicy";
import { currentAgentVersion, type ManagedNode, openSsm } from "../../local/ssm";
import { type DeployWorld, run, startDeployWorld } from "./deployWorld";
import { assumeDeployRole, documentName, targetTag, targetVariables } from "./ec2World";

/** What stands for a deploy on a host: it notes the image that runs, unless the host is told to refuse it. */
const hostScript = `
[ ! -e "$HOST/refuses-$SSM_Digest" ] || { echo "$SSM_Digest did not become healthy" >&2; exit 1; }
echo "replaced: $(cat "$HOST/running" 2>/dev/null)"
echo "$SSM_Digest" >"$HOST/running"
echo "$SSM_Digest" >>"$HOST/deployed"
`;

describe("deploy/ec2.sh on several instances, under the declared deploy role", function () {
    this.timeout(60_000);
    let world: DeployWorld;
    let folder: string;
    let role: Record<string, string>;
    let nodes: ManagedNode[];
    const digests: string[] = [];

    before(async () => {
        world = await startDeployWorld();
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "instances-"));
        for (const name of ["one", "two"]) digests.push(await world.pushImage(name));
        await world.putParameter(`${world.repositoryUrl}@${digests[0]}`);
        await createDocument();
        role = await assumeDeployRole(world);
        const { Role } = await world.admin.iam.send(
            new CreateRoleCommand({ RoleName: "instance", AssumeRolePolicyDocument: ec2TrustPolicy() }),
        );
        nodes = [1, 2, 3].map((number) => ({
            instanceId: `i-0000000000000000${number}`,
            computerName: `host-${number}`,
            tags: { [targetTag.key]: targetTag.value },
            roleArn: Role?.Arn ?? "",
            environment: { PATH: process.env.PATH ?? "", HOST: path.join(folder, String(number)) },
            agentVersion: currentAgentVersion,
            pingStatus: "Online",
        }));
    });
    after(async () => {
        fs.rmSync(folder, { recursive: true });
        await world.stop();
    });
    beforeEach(async () => {
        const ssm = openSsm(world.configuration.ssmDirectory, "000000000000");
        for (const node of nodes) {
            await ssm.nodes.register(node);
            fs.rmSync(node.environment.HOST!, { recursive: true, force: true });
            fs.mkdirSync(node.environment.HOST!);
        }
    });

    const createDocument = async () => {
        const pattern = (allowedPattern: string) => ({ type: "String", allowedPattern, interpolationType: "ENV_VAR" });
        const inputs = { timeoutSeconds: "20", runCommand: hostScript.split("\n") };
        const content = {
            schemaVersion: "2.2",
            parameters: { Digest: pattern("^sha256:[0-9a-f]{64}$"), Service: pattern("^[a-z]+$") },
            mainSteps: [{ action: "aws:runShellScript", name: "deploy", inputs }],
        };
        const document = { Name: documentName, DocumentType: "Command", DocumentFormat: "JSON" } as const;
        await world.admin.ssm.send(new CreateDocumentCommand({ ...document, Content: JSON.stringify(content) }));
    };
    const deploy = (image: number) =>
        run(["deploy/ec2.sh", "--image", digests[image]!], { ...world.environment, ...role, ...targetVariables });
    const fileOf = (number: number, name: string) => path.join(folder, String(number), name);
    const refuse = (number: number, image: number) => fs.writeFileSync(fileOf(number, `refuses-${digests[image]}`), "");
    /** Images that were deployed on each instance, in order. */
    const deployed = () =>
        [1, 2, 3].map((number) => {
            const file = fileOf(number, "deployed");
            const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
            return lines.map((digest) => digests.indexOf(digest));
        });
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
        for (const { instanceId } of nodes) assert.match(stdout, new RegExp(`^${instanceId}: Success$`, "m"));
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

    it("fails when no instance carries the tag", async () => {
        const ssm = openSsm(world.configuration.ssmDirectory, "000000000000");
        for (const { instanceId } of nodes) await ssm.nodes.remove(instanceId);
        const { code, stdout, stderr } = await deploy(1);
        assert.equal(code, 1);
        assert.match(
            stdout,
            /^no instance was reached: none that is online matches --targets Key=tag:Deploy,Values=shop-dev$/m,
        );
        assert.equal(stderr, `error: ${digests[1]} was not released; the record was not changed.\n`);
    });

    it("counts an instance whose agent does not answer as failed", async () => {
        const ssm = openSsm(world.configuration.ssmDirectory, "000000000000");
        await ssm.nodes.register({ ...nodes[1]!, pingStatus: "ConnectionLost" });
        const { code, stdout } = await deploy(1);
        assert.equal(code, 1);
        assert.match(stdout, /^i-00000000000000002: Undeliverable$/m);
        assert.deepEqual([deployed(), await live()], [[[1, 0], [], []], digests[0]]);
    });
});
