import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateDocumentCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { policyDocument } from "../../infra/aws/policyDocument";
import { ec2TrustPolicy } from "../../infra/release/ec2/ec2RolePolicy";
import { freePort } from "../../local/machine/freePort";
import { secretName } from "../../local/world/deployment";
import { startRequestLoop } from "../../local/world/deployment/requestLoop";
import { worldDirectory } from "../../local/paths";
import { worldLayout } from "../../local/world/services/layout";
import { currentAgentVersion, openSsm } from "../../local/aws/ssm";
import { lastTag } from "../strategies";
import { buildImage } from "./buildImage";
import type { LineWorld } from "./lineWorld";
import { divideTime, type LineMeasurement, type Mark } from "./phases";
import { composeFile } from "./published/composeFile";
import { watchDeploy } from "./watchDeploy";

const parameters = "/published/config";
const instanceId = "i-0fedcba9876543210";
const documentName = "line-published";

/** Output of a script, line by line, with the times in milliseconds since the epoch. */
type Output = { at: number; line: string }[];

/** Pipeline of the strategy "last tag", with its own instance, port and database on the container host. */
export class PublishedLine {
    private constructor(
        private readonly line: LineWorld,
        private readonly repository: string,
        private readonly port: number,
        private readonly signal: AbortSignal,
    ) {}

    /** Creates the pipeline's repository, parameters, document and instance. */
    static async open(line: LineWorld, signal: AbortSignal): Promise<PublishedLine> {
        const { environment, host, databaseImage } = line;
        const { endpoint, region, accessKeyId, secretAccessKey, accountId } = environment.world;
        const client = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
        const [ssm, iam] = [new SSMClient(client), new IAMClient(client)];
        const repository = await environment.repositories.create("published");
        const port = await freePort();
        const directory = path.join(path.dirname(host.directory), "published");
        await fs.mkdir(directory, { mode: 0o700 });
        await fs.writeFile(path.join(directory, "docker-compose.prod.yml"), composeFile(port, databaseImage));
        const values = { "directory-app": directory, "secret-name": secretName };
        for (const [leaf, Value] of Object.entries(values)) {
            await ssm.send(new PutParameterCommand({ Name: `${parameters}/${leaf}`, Type: "String", Value }));
        }
        const runCommand = [
            `PARAMETERS=${parameters} REPOSITORY=${repository}`,
            ...(await script("host.sh")).split("\n"),
        ];
        const step = { action: "aws:runShellScript", name: "run", inputs: { runCommand } };
        const Content = JSON.stringify({ schemaVersion: "2.2", mainSteps: [step] });
        await ssm.send(new CreateDocumentCommand({ Name: documentName, DocumentType: "Command", Content }));
        const role = { RoleName: "published-instance", AssumeRolePolicyDocument: ec2TrustPolicy() };
        const { Role } = await iam.send(new CreateRoleCommand(role));
        const Action = ["ssm:GetParameter", "secretsmanager:GetSecretValue", "ecr:*"];
        const PolicyDocument = policyDocument([{ Sid: "Read", Action, Resource: "*" }]);
        await iam.send(new PutRolePolicyCommand({ RoleName: role.RoleName, PolicyName: "read", PolicyDocument }));
        const { nodes } = openSsm(path.join(worldLayout(worldDirectory()).gatewayState, "ssm"), accountId);
        await nodes.register({
            instanceId,
            computerName: "published",
            tags: {},
            roleArn: Role?.Arn ?? "",
            environment: { ...host.environment, AWS_DEFAULT_REGION: region },
            agentVersion: currentAgentVersion,
            pingStatus: "Online",
        });
        ssm.destroy();
        iam.destroy();
        return new PublishedLine(line, repository, port, signal);
    }

    /** Brings a changed line of code to the host. @throws Error with the output of the deploy job when it fails */
    async measure(code: number): Promise<LineMeasurement> {
        const tag = `commit-${code}`;
        const { repository } = this;
        const lookUp = async () => {
            const last = (await this.run("lookup.sh")).output.at(-1)?.line;
            return last === "none" ? undefined : last;
        };
        const { started, marks } = await buildImage({ strategy: lastTag, repository, code, tag, lookUp }, this.line);
        const endLoop = startRequestLoop(`http://127.0.0.1:${this.port}/readyz`);
        const watched = watchDeploy(this.line, this.port, async () => {
            const { code: exit, output } = await this.run("job.sh", { IMAGE_TAG: tag });
            if (exit !== 0)
                throw new Error(`The published deploy failed:\n${output.map(({ line }) => line).join("\n")}`);
            return output;
        });
        const { result, pulled, start, health } = await watched.finally(endLoop);
        const counts = await endLoop();
        const recorded = result.find(({ line }) => line === "recorded");
        if (recorded === undefined) throw new Error("The published deploy did not say when it had recorded.");
        const record: Mark = { phase: "record", at: recorded.at };
        const ended: Mark = { phase: "record", at: Date.now() };
        return { ...divideTime(started, [...marks, record, pulled, start, health, ended]), ...counts };
    }

    private async run(
        name: string,
        variables: Record<string, string> = {},
    ): Promise<{ code: number | null; output: Output }> {
        const { world, toolchain } = this.line.environment;
        const child = spawn("sh", ["-c", await script(name)], {
            env: {
                PATH: `${path.dirname(toolchain.aws)}${path.delimiter}${process.env.PATH ?? ""}`,
                HOME: worldDirectory(),
                AWS_ENDPOINT_URL: world.endpoint,
                AWS_DEFAULT_REGION: world.region,
                AWS_ACCESS_KEY_ID: world.accessKeyId,
                AWS_SECRET_ACCESS_KEY: world.secretAccessKey,
                ...{ PARAMETERS: parameters, REPOSITORY: this.repository },
                ...{ INSTANCE_ID: instanceId, DOCUMENT: documentName, ...variables },
            },
            stdio: ["ignore", "pipe", "pipe"],
            signal: this.signal,
        });
        const output: Output = [];
        for (const stream of [child.stderr, child.stdout]) {
            createInterface({ input: stream }).on("line", (line) => output.push({ at: Date.now(), line }));
        }
        const [code] = (await once(child, "close")) as [number | null];
        return { code, output };
    }
}

function script(name: string): Promise<string> {
    return fs.readFile(path.join(__dirname, "published", name), "utf8");
}
