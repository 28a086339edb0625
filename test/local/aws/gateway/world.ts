import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { AccessLogEntry } from "../../../../local/aws/gateway/iam/accessLog";
import type { RegistryLogEntry } from "../../../../local/aws/gateway/registry/registryLogEntry";
import { askGateway } from "../../../../local/aws/gateway/askGateway";
import { startGateway } from "../../../../local/aws/gateway/server";
import { startMinistack } from "../../../support/ministack";

/** Credentials of a caller. */
export interface Credentials {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
}

/** Makes clients of one caller. */
export function clientsOf(endpoint: string, region: string, credentials: Credentials) {
    const configuration = { endpoint, region, credentials, maxAttempts: 1 };
    return {
        codebuild: new CodeBuildClient(configuration),
        codepipeline: new CodePipelineClient(configuration),
        ecr: new ECRClient(configuration),
        iam: new IAMClient(configuration),
        s3: new S3Client({ ...configuration, forcePathStyle: true }),
        ssm: new SSMClient(configuration),
        sts: new STSClient(configuration),
    };
}

/** Program in place of the one that runs builds: it answers with its request, or refuses project "missing". */
const buildRunner = `
    const { start, initiator } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const refusal = { code: "ResourceNotFoundException", message: "Project cannot be found: missing" };
    const build = { id: start.projectName + ":1", initiator, sourceVersion: start.sourceVersion };
    console.log(JSON.stringify(start.projectName === "missing" ? refusal : { build }));
`;

/** Gateway in front of a MiniStack of its own. */
export type World = Awaited<ReturnType<typeof startWorld>>;

/** Starts both; the gateway runs in this process. @param program JavaScript in place of the program that runs builds */
export async function startWorld(program = buildRunner) {
    const ministack = await startMinistack();
    const state = fs.mkdtempSync(path.join(os.tmpdir(), "gateway-"));
    const { accessKeyId, secretAccessKey, region } = ministack;
    const configuration = {
        port: 0,
        upstreamSocket: ministack.socket,
        stateDirectory: state,
        region,
        accessKeyId,
        secretAccessKey,
        ssmDirectory: path.join(state, "ssm"),
        buildsDirectory: path.join(state, "builds"),
        buildRunner: [process.execPath, "-e", program, path.join(state, "builds")] satisfies [string, ...string[]],
    };
    const gateway = await startGateway(configuration);
    const adminOf = (endpoint: string) => clientsOf(endpoint, region, { accessKeyId, secretAccessKey });
    const admin = adminOf(gateway.origin);

    /** Creates a role with one inline policy and assumes it through the gateway. */
    const assumeRole = async (
        name: string,
        statements: object[],
        options: { boundary?: string; policy?: string } = {},
    ) => {
        await admin.iam.send(
            new CreateRoleCommand({
                RoleName: name,
                AssumeRolePolicyDocument: policy([
                    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "000000000000" } },
                ]),
                PermissionsBoundary: options.boundary,
            }),
        );
        await admin.iam.send(
            new PutRolePolicyCommand({ RoleName: name, PolicyName: "inline", PolicyDocument: policy(statements) }),
        );
        const { Credentials: issued } = await admin.sts.send(
            new AssumeRoleCommand({
                RoleArn: `arn:aws:iam::000000000000:role/${name}`,
                RoleSessionName: "session",
                Policy: options.policy,
            }),
        );
        return clientsOf(gateway.origin, region, {
            accessKeyId: issued?.AccessKeyId ?? "",
            secretAccessKey: issued?.SecretAccessKey ?? "",
            sessionToken: issued?.SessionToken,
        });
    };

    const world = {
        ministack,
        gateway,
        configuration,
        state,
        region,
        admin,
        assumeRole,
        /** Asks the gateway about itself, or changes its settings, as the administrator. */
        ask: (about: string, told?: unknown) =>
            askGateway({ endpoint: world.gateway.origin, accessKeyId, secretAccessKey }, about, told),
        log: () => readLog(path.join(state, "access.log")),
        /** Ends the gateway and starts another one on its files; `gateway` and `admin` are the new ones. */
        restart: async () => {
            await world.gateway.close(0);
            world.gateway = await startGateway(configuration);
            world.admin = adminOf(world.gateway.origin);
        },
        stop: async () => {
            await world.gateway.close(0);
            await ministack.stop();
            fs.rmSync(state, { recursive: true, force: true });
        },
    };
    return world;
}

/** Renders a policy document. */
export function policy(statements: object[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Fetches the registry token of a caller, in the form of the Authorization header. */
export async function registryToken(ecr: ECRClient): Promise<string> {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    return authorizationData?.[0]?.authorizationToken ?? "";
}

function readLog(file: string): (AccessLogEntry & Partial<RegistryLogEntry>)[] {
    const lines = fs.readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as AccessLogEntry & Partial<RegistryLogEntry>);
}
