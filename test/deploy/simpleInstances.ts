import * as fs from "node:fs";
import * as path from "node:path";
import { CreateDocumentCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { CreateRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { ec2TrustPolicy } from "../../infra/release/ec2/ec2RolePolicy";
import { currentAgentVersion, type ManagedNode, openSsm } from "../../local/aws/ssm";
import { documentName, instanceTag } from "./ec2World";

/** Stand-in for a deploy on an instance. It notes the running image, unless the instance is told to refuse it or to hang. */
const hostScript = `
[ ! -e "$HOST/hangs" ] || exec sleep 1000
[ ! -e "$HOST/refuses-$SSM_Digest" ] && [ ! -e "$HOST/refuses-all" ] || { echo "$SSM_Digest did not become healthy" >&2; exit 1; }
echo "replaced: $(cat "$HOST/running" 2>/dev/null)"
echo "$SSM_Digest" >"$HOST/running"
echo "$SSM_Digest" >>"$HOST/deployed"
`;

/** Place of the instances. */
export interface InstanceWorld {
    admin: { ssm: SSMClient; iam: IAMClient };
    /** Folder of documents, nodes and commands. */
    ssmDirectory: string;
    /** Existing folder for the instances' own files. */
    folder: string;
    /** Number of instances. */
    count: number;
}

/** Creates instances with the target's tag and document, each a folder instead of a host with containers. */
export async function makeSimpleInstances({ admin, ssmDirectory, folder, count }: InstanceWorld) {
    const { Role } = await admin.iam.send(
        new CreateRoleCommand({ RoleName: "instance", AssumeRolePolicyDocument: ec2TrustPolicy() }),
    );
    const document = { Name: documentName, DocumentType: "Command", DocumentFormat: "JSON" } as const;
    await admin.ssm.send(new CreateDocumentCommand({ ...document, Content: simpleDocument() }));
    const hostOf = (number: number) => path.join(folder, String(number));
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const nodes = numbers.map((number): ManagedNode => ({
        instanceId: `i-0000000000000000${number}`,
        computerName: `host-${number}`,
        tags: { [instanceTag.key]: instanceTag.value },
        roleArn: Role?.Arn ?? "",
        environment: { PATH: process.env.PATH ?? "", HOST: hostOf(number) },
        agentVersion: currentAgentVersion,
        pingStatus: "Online",
    }));
    const ssm = openSsm(ssmDirectory, "000000000000");
    return {
        nodes,
        register: (node: ManagedNode) => ssm.nodes.register(node),
        remove: (node: ManagedNode) => ssm.nodes.remove(node.instanceId),
        /** Creates all instances again. */
        reset: async () => {
            for (const number of numbers) {
                await ssm.nodes.register(nodes[number - 1]!);
                fs.rmSync(hostOf(number), { recursive: true, force: true });
                fs.mkdirSync(hostOf(number));
            }
        },
        /** Makes an image fail its health check on an instance. */
        refuse: (number: number, digest: string) =>
            fs.writeFileSync(path.join(hostOf(number), `refuses-${digest}`), ""),
        /** Makes every deploy on an instance hang. */
        hang: (number: number) => fs.writeFileSync(path.join(hostOf(number), "hangs"), ""),
        /** Lists the digests that were deployed on each instance, in order. */
        deployed: (): string[][] =>
            numbers.map((number) => {
                const file = path.join(hostOf(number), "deployed");
                return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
            }),
    };
}

/** Renders the document of such a deploy. */
export function simpleDocument(): string {
    const Digest = { type: "String", allowedPattern: "^sha256:[0-9a-f]{64}$", interpolationType: "ENV_VAR" };
    const inputs = { timeoutSeconds: "20", runCommand: hostScript.split("\n") };
    return JSON.stringify({
        schemaVersion: "2.2",
        parameters: { Digest },
        mainSteps: [{ action: "aws:runShellScript", name: "deploy", inputs }],
    });
}
