import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { UpdateDocumentCommand, UpdateDocumentDefaultVersionCommand } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { currentAgentVersion, openSsm } from "../../../local/aws/ssm";
import { projectRoot, worldDirectory } from "../../../local/paths";
import { worldLayout } from "../../../local/world/services/layout";
import { simpleDocument } from "../../deploy/simpleInstances";
import { awsClients, type EngineWorld } from "../../support/engineWorld";

/** Makes a git repository of one context. @param context its path from the root of the project @returns the folder */
export function makeRepository(context: string): string {
    const folder = fs.mkdtempSync(path.join(worldDirectory(), "repository-"));
    fs.cpSync(path.join(projectRoot, context), path.join(folder, context), { recursive: true });
    execFileSync("git", ["-C", folder, "init", "--quiet", "--initial-branch", "main"]);
    commitAll(folder, "source");
    return folder;
}

/** Commits all files of a repository. */
export function commitAll(folder: string, message: string): void {
    const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args]);
    git("add", "--all");
    git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", message);
}

/** Makes an instance with a folder instead of a host with containers, and lets a stack's document note what it is told to run. */
export async function makeInstance(
    engine: EngineWorld,
    { id, environment, folder }: { id: string; environment: string; folder: string },
    outputs: Record<string, string>,
): Promise<void> {
    const { ssm } = awsClients(engine);
    fs.mkdirSync(folder, { recursive: true });
    const Name = outputs.deployDocument!;
    const { DocumentDescription } = await ssm.send(
        new UpdateDocumentCommand({ Name, Content: simpleDocument(), DocumentVersion: "$LATEST" }),
    );
    const DocumentVersion = DocumentDescription!.DocumentVersion!;
    await ssm.send(new UpdateDocumentDefaultVersionCommand({ Name, DocumentVersion }));
    const { nodes } = openSsm(path.join(worldLayout(worldDirectory()).gatewayState, "ssm"), "000000000000");
    await nodes.register({
        instanceId: id,
        computerName: environment,
        tags: { Deploy: `cached-image-pipeline-${environment}` },
        roleArn: outputs.instanceRoleArn!,
        environment: { PATH: process.env.PATH ?? "", HOST: folder },
        agentVersion: currentAgentVersion,
        pingStatus: "Online",
    });
}

/** Makes a client with one policy. */
export async function makeApprover(engine: EngineWorld, policy: string): Promise<CodePipelineClient> {
    const { iam } = awsClients(engine);
    const { endpoint, region, accessKeyId, secretAccessKey } = engine.world;
    const settings = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    const RoleName = "approver";
    const trust = { Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "sts:AssumeRole" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "approve", PolicyDocument: policy }));
    const assume = new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: "person" });
    const { Credentials } = await new STSClient(settings).send(assume);
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
    return new CodePipelineClient({ endpoint, region, credentials });
}
