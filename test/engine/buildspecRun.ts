import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { BatchGetProjectsCommand } from "@aws-sdk/client-codebuild";
import { UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { parse } from "yaml";
import { projectRoot, worldDirectory } from "../../local/paths";
import { type Bytes, readTraffic, trafficOf } from "../../local/stack/traffic";
import { awsClients, type EngineWorld } from "../support/engineWorld";

/** How a run of the buildspec ended. */
export interface Run {
    succeeded: boolean;
    log: string;
    exported: Record<string, string>;
    /** The files of the artifacts by name. */
    artifacts: Record<string, unknown>;
    /** The line of metrics. */
    metrics: Record<string, number>;
    /** What the run moved between builder and the repository of the first image. */
    bytes: Bytes;
}

/** The variables that the buildspec exports. */
const exportedNames = ["IMAGE_URI", "IMAGE_DIGEST", "IMAGE_TAG", "CACHE_HIT_RATIO"];
/**
 * Runs the commands of a stack's declared buildspec under its declared role, in one shell as CodeBuild does, on a copy of the
 * contexts.
 *
 * @param variables variables of the build besides those that the project declares
 * @param changed files that the copy has instead, by their path below the contexts
 */
export async function runBuildspec(
    engine: EngineWorld,
    outputs: Record<string, string>,
    variables: Record<string, string> = {},
    changed: Record<string, string> = {},
): Promise<Run> {
    const { world } = engine;
    const { codebuild } = awsClients(engine);
    const name = outputs.buildProjectName!;
    const { projects = [] } = await codebuild.send(new BatchGetProjectsCommand({ names: [name] }));
    const { environment, serviceRole, source } = projects[0]!;
    const declared = Object.fromEntries(
        (environment?.environmentVariables ?? []).map(({ name, value }) => [name!, value!] as const),
    );
    const folder = await fs.mkdtemp(path.join(worldDirectory(), "build-"));
    await fs.cp(path.join(worldDirectory(), "contexts"), path.join(folder, sourcePath("")), { recursive: true });
    for (const [file, content] of Object.entries(changed)) {
        await fs.writeFile(path.join(folder, sourcePath(file)), content);
    }
    const before = await readTraffic(world);
    const { exitCode, log, exported } = await runCommands(engine, folder, source!.buildspec!, {
        ...(await roleVariables(engine, serviceRole!)),
        CODEBUILD_BUILD_ID: `${name}:1`,
        CODEBUILD_SRC_DIR: folder,
        BUILDKIT_ADDRESS: world.buildkitAddress!,
        ...declared,
        ...variables,
    });
    const repository = outputs.repositoryUrl!.slice(outputs.repositoryUrl!.indexOf("/") + 1);
    const bytes = trafficOf(repository, before, await readTraffic(world));
    const metrics = log.split("\n").find((line) => line.startsWith('{"_aws"'));
    return {
        succeeded: exitCode === 0,
        log,
        exported,
        artifacts: await jsonFiles(path.join(folder, "build-results")),
        metrics: metrics === undefined ? {} : (JSON.parse(metrics) as Record<string, number>),
        bytes,
    };
}

async function roleVariables(engine: EngineWorld, roleArn: string): Promise<Record<string, string>> {
    const { endpoint, region, accountId, accessKeyId, secretAccessKey } = engine.world;
    // Only CodeBuild may assume the role; the emulator knows no such caller, so the test lets itself in.
    const administrator = { Effect: "Allow", Principal: { AWS: accountId }, Action: "sts:AssumeRole" };
    const trust = { Version: "2012-10-17", Statement: [administrator] };
    const RoleName = roleArn.split("/").pop()!;
    const admission = new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(trust) });
    await awsClients(engine).iam.send(admission);
    const sts = new STSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "build" });
    const { Credentials } = await sts.send(command);
    return {
        AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
        AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
        AWS_SESSION_TOKEN: Credentials!.SessionToken!,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ENDPOINT_URL: endpoint,
    };
}

async function runCommands(engine: EngineWorld, folder: string, buildspec: string, variables: Record<string, string>) {
    const { env, phases } = parse(buildspec) as {
        env: { variables: Record<string, string> };
        phases: Record<string, { commands: string[] }>;
    };
    const commands = (phase: string) => phases[phase]!.commands.join("\n");
    const results = path.join(folder, "exported");
    const script = [
        `finish() { status=$?; set +e; ${commands("post_build")}\nexit $status; }`,
        "trap finish EXIT",
        commands("pre_build"),
        commands("build"),
        `printf '%s\\n' ${exportedNames.map((name) => `"$${name}"`).join(" ")} > ${results}`,
    ];
    const tools = [path.dirname(engine.toolchain.dockerBuildx), path.dirname(engine.toolchain.aws)];
    const child = spawn("bash", ["-c", script.join("\n")], {
        cwd: folder,
        env: {
            HOME: folder,
            PATH: [...tools, process.env.PATH].join(path.delimiter),
            SSL_CERT_FILE: engine.world.certificate,
            ...env.variables,
            ...variables,
        },
        stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (log += data.toString()));
    const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
    const lines = (await fs.readFile(results, "utf8").catch(() => "")).split("\n");
    const exported = Object.fromEntries(exportedNames.map((name, index) => [name, lines[index] ?? ""]));
    return { exitCode, log, exported };
}

/** A path below the contexts, as it lies in the source. */
function sourcePath(file: string): string {
    return path.join(path.relative(projectRoot, worldDirectory()), "contexts", file);
}

async function jsonFiles(folder: string): Promise<Record<string, unknown>> {
    const names = await fs.readdir(folder).catch(() => []);
    const entries = names.map(async (name) => {
        const content = await fs.readFile(path.join(folder, name), "utf8");
        return [name, JSON.parse(content) as unknown] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
}
