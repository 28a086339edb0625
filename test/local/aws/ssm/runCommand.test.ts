import * as assert from "node:assert/strict";
import {
    CancelCommandCommand,
    CreateDocumentCommand,
    DescribeDocumentCommand,
    GetCommandInvocationCommand,
    ListCommandsCommand,
    SendCommandCommand,
    UpdateDocumentCommand,
    type SSMClient,
} from "@aws-sdk/client-ssm";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { waitFor } from "../../../../local/machine/waitFor";
import { currentAgentVersion, openSsm } from "../../../../local/aws/ssm";
import { policy, startWorld, type World } from "../gateway/world";

const ids = ["i-00000000000000001", "i-00000000000000002"] as const;

describe("Run Command", function () {
    this.timeout(60_000);
    let world: World;

    before(async () => {
        world = await startWorld();
        const trust = policy([
            { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
        ]);
        const role = new CreateRoleCommand({ RoleName: "instance", AssumeRolePolicyDocument: trust });
        const { Role } = await world.admin.iam.send(role);
        const { nodes } = openSsm(world.configuration.ssmDirectory, "000000000000");
        for (const [index, instanceId] of ids.entries()) {
            await nodes.register({
                instanceId,
                computerName: `host-${index + 1}`,
                tags: { Deploy: index === 0 ? "web" : "worker", All: "yes" },
                roleArn: Role?.Arn ?? "",
                environment: { PATH: process.env.PATH ?? "", HOST: instanceId },
                agentVersion: currentAgentVersion,
                pingStatus: "Online",
            });
        }
    });
    after(() => world.stop());

    let documents = 0;
    /** Creates a document of one script. @returns its name */
    const document = async (script: string, timeoutSeconds = "30"): Promise<string> => {
        const Name = `document-${(documents += 1)}`;
        const step = { action: "aws:runShellScript", name: "run", inputs: { runCommand: [script], timeoutSeconds } };
        const Content = JSON.stringify({ schemaVersion: "2.2", mainSteps: [step] });
        await world.admin.ssm.send(new CreateDocumentCommand({ Name, Content, DocumentType: "Command" }));
        return Name;
    };
    const send = async (
        DocumentName: string,
        key: string,
        value: string,
        change: object = {},
        ssm = world.admin.ssm,
    ) => {
        const Targets = [{ Key: key, Values: [value] }];
        const { Command } = await ssm.send(new SendCommandCommand({ DocumentName, Targets, ...change }));
        return Command?.CommandId ?? "";
    };
    /** Waits for the end of a command. */
    const ended = (CommandId: string) =>
        waitFor(async () => {
            const { Commands } = await world.admin.ssm.send(new ListCommandsCommand({ CommandId }));
            return ["Pending", "InProgress"].includes(Commands?.[0]?.Status ?? "") ? undefined : Commands?.[0];
        }, 30_000);
    const invocation = (CommandId: string, InstanceId: string) =>
        world.admin.ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));

    it("runs a script on the tagged node, under the instance's role, and keeps 24,000 characters of it", async () => {
        const id = await send(
            await document('echo $HOST; head -c 30000 /dev/zero | tr "\\0" x; [ -n "$AWS_SESSION_TOKEN" ]'),
            "tag:Deploy",
            "web",
        );
        assert.equal((await ended(id))?.StatusDetails, "Success");
        const { StandardOutputContent, ResponseCode } = await invocation(id, ids[0]);
        assert.equal(StandardOutputContent?.length, 24_000);
        assert.ok(StandardOutputContent?.startsWith(`${ids[0]}\n`));
        assert.equal(ResponseCode, 0);
        await assert.rejects(invocation(id, ids[1]), { name: "InvocationDoesNotExist" });
    });

    it("reports a failure with its exit code, and begins no further node after it", async () => {
        const id = await send(await document("echo reason >&2; exit 3"), "tag:All", "yes", {
            MaxConcurrency: "1",
            MaxErrors: "0",
        });
        const command = await ended(id);
        assert.deepEqual([command?.Status, command?.TargetCount, command?.ErrorCount], ["Failed", 2, 1]);
        const first = await invocation(id, ids[0]);
        assert.deepEqual(
            [first.Status, first.ResponseCode, first.StandardErrorContent],
            ["Failed", 3, "reason\nfailed to run commands: exit status 3"],
        );
        assert.equal((await invocation(id, ids[1])).StatusDetails, "Terminated");
    });

    it("ends a script at its timeout, and one that is cancelled", async () => {
        const late = await send(await document("sleep 60", "1"), "tag:Deploy", "web");
        assert.equal((await ended(late))?.StatusDetails, "ExecutionTimedOut");
        const cancelled = await send(await document("sleep 60"), "tag:Deploy", "web");
        await world.admin.ssm.send(new CancelCommandCommand({ CommandId: cancelled }));
        assert.equal((await ended(cancelled))?.Status, "Cancelled");
    });

    it("says that nothing matches a tag", async () => {
        const id = await send(await document("true"), "tag:Deploy", "nowhere");
        const command = await ended(id);
        assert.deepEqual(
            [command?.Status, command?.StatusDetails, command?.TargetCount],
            ["Failed", "NoInstancesInTag", 0],
        );
    });

    it("runs the default version of a document", async () => {
        const Name = await document("echo one");
        const step = { action: "aws:runShellScript", name: "run", inputs: { runCommand: ["echo two"] } };
        const Content = JSON.stringify({ schemaVersion: "2.2", mainSteps: [step] });
        const update = { Name, Content, DocumentVersion: "$LATEST" };
        await world.admin.ssm.send(new UpdateDocumentCommand(update));
        await assert.rejects(world.admin.ssm.send(new UpdateDocumentCommand(update)), {
            name: "DuplicateDocumentContent",
        });
        const { Document } = await world.admin.ssm.send(new DescribeDocumentCommand({ Name }));
        assert.deepEqual([Document?.DefaultVersion, Document?.LatestVersion], ["1", "2"]);
        const id = await send(Name, "tag:Deploy", "web");
        await ended(id);
        assert.equal((await invocation(id, ids[0])).StandardOutputContent, "one\n");
    });

    it("lets a role send its document to its tagged instances only", async () => {
        const [own, other] = [await document("true"), await document("true")];
        const { ssm } = await world.assumeRole("deployer", [
            { Effect: "Allow", Action: "ssm:SendCommand", Resource: `arn:aws:ssm:*:*:document/${own}` },
            {
                Effect: "Allow",
                Action: "ssm:SendCommand",
                Resource: "arn:aws:ec2:*:*:instance/*",
                Condition: { StringEquals: { "ssm:resourceTag/Deploy": "web" } },
            },
        ]);
        const tryTo = (name: string, tag: string, client: SSMClient) => send(name, "tag:Deploy", tag, {}, client);
        assert.equal((await ended(await tryTo(own, "web", ssm)))?.Status, "Success");
        for (const [name, tag] of [
            [other, "web"],
            [own, "worker"],
            ["AWS-RunShellScript", "web"],
        ] as const) {
            await assert.rejects(tryTo(name, tag, ssm), { name: "AccessDeniedException" });
        }
    });
});
