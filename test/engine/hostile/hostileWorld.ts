import * as fs from "node:fs";
import * as path from "node:path";
import { BatchGetProjectsCommand, type Project } from "@aws-sdk/client-codebuild";
import { BatchGetImageCommand } from "@aws-sdk/client-ecr";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { parse, stringify } from "yaml";
import { worldDirectory } from "../../../local/paths";
import { worldLayout } from "../../../local/world/services/layout";
import { runningRecords } from "../../../local/world/services/records";
import { awsClients, engineWorld, type EngineWorld, TestStack, writeContext } from "../../support/engineWorld";
import { type Run, type RunOptions, runProject } from "../projectRun";
import type { CallTargets } from "./callTargets";
import type { ProbeTargets } from "./probes";
import { nameOf } from "./requests";
import { trustedState } from "./trustedState";

/** Images of the stack; each has a context of its own, so that one build can try several things. */
export const imageNames = ["app", "probe", "third", "fourth"];

/** Dockerfile of each image by default. The fourth one's lies beside its context. */
export const dockerfile = [
    "ARG BASE_REGISTRY",
    "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS results",
    'RUN mkdir /results && echo \'<testsuite name="trusted"><testcase name="trusted"/></testsuite>\' > /results/a.xml',
    "FROM scratch AS report",
    "COPY --from=results /results/ /",
    "FROM ${BASE_REGISTRY}/busybox:1.37-musl",
    "COPY src/ /src/",
    "",
].join("\n");

const secretName = "hostile/token";

/** Text that no build may show: the content of a file on the build host, outside the source. */
export const secretOfHost = "the secret of this host";

/** Makes the path of an image's context below the folder of all contexts. */
export const contextOf = (contexts: string, image: string): string => path.join(contexts, `hostile-${image}`);

/** Makes the path of the folder with an image's Dockerfile. */
export const dockerfileFolder = (contexts: string, image: string): string =>
    image === "fourth" ? path.join(contexts, "hostile-dockerfiles") : contextOf(contexts, image);

/** Stack with a project for pull requests, and the parts of the account that it must not change. */
export class HostileWorld {
    private constructor(
        private readonly engine: EngineWorld,
        readonly outputs: Record<string, string>,
        readonly targets: CallTargets,
        /** Folder of the build host for marks of programs. */
        private readonly marks: string,
    ) {}

    static async open(): Promise<HostileWorld> {
        const engine = await engineWorld();
        const marks = fs.mkdtempSync(path.join(worldDirectory(), "marks-"));
        const outputs = await declareStack(engine);
        const world = new HostileWorld(engine, outputs, await findTargets(engine, outputs), marks);
        fs.writeFileSync(world.hostFile("Dockerfile"), "ARG BASE_REGISTRY\nFROM ${BASE_REGISTRY}/busybox:1.37-musl\n");
        fs.writeFileSync(world.hostFile("secret"), secretOfHost);
        return world;
    }

    /** Lists the addresses of the offline world's services. */
    async services(): Promise<ProbeTargets> {
        const records = await runningRecords(worldLayout(worldDirectory()));
        return {
            gateway: new URL(this.engine.world.endpoint).host,
            ports: records.flatMap(({ port }) => port ?? []),
        };
    }

    /** Host and port of the registry. */
    get registry(): string {
        return this.engine.world.registry;
    }

    /** Names a file of the build host outside of all sources. */
    hostFile(name: string): string {
        const folder = path.join(this.marks, "host");
        fs.mkdirSync(folder, { recursive: true });
        return path.join(folder, name);
    }

    /** Names the file that a program leaves when it runs. */
    mark(what: string): string {
        return path.join(this.marks, what.replaceAll(/[^a-z]+/gi, "-"));
    }

    /** Tells whether the program ran. */
    hasRun(what: string): boolean {
        return fs.existsSync(this.mark(what));
    }

    /** Builds as the event of a pull request would. @param head name of its branch */
    build(options: RunOptions, head = "feature"): Promise<Run> {
        return runProject(this.engine, this.outputs, {
            projectName: this.outputs.pullRequestProjectName,
            webhook: { event: "pull_request", head, base: "main" },
            ...options,
        });
    }

    /** Makes the project's buildspec up to the plan, followed by these commands. */
    async planning(...commands: string[]): Promise<string> {
        const { source } = await projectOf(this.engine, this.outputs.pullRequestProjectName!);
        const { env, phases } = parse(source!.buildspec!) as {
            env: object;
            phases: { pre_build: { commands: string[] } };
        };
        return stringify({
            version: 0.2,
            env: { ...env, "exported-variables": [] },
            phases: { pre_build: { commands: [...phases.pre_build.commands, ...commands] } },
        });
    }

    /** Reads all parts of the account that a pull request must not change. */
    state(): Promise<Record<string, unknown>> {
        return trustedState(this.engine, this.outputs.buildProjectName!);
    }
}

async function declareStack(engine: EngineWorld): Promise<Record<string, string>> {
    const { secretsManager } = awsClients(engine);
    await secretsManager.send(new CreateSecretCommand({ Name: secretName, SecretString: "the build secret" }));
    await writeContext("hostile-dockerfiles", { Dockerfile: dockerfile });
    const images = await Promise.all(
        imageNames.map(async (name) => {
            const context = await writeContext(`hostile-${name}`, { Dockerfile: dockerfile, "src/file": "1" });
            const folder = dockerfileFolder(path.dirname(context), name);
            return {
                name,
                context,
                dockerfile: path.join(folder, "Dockerfile"),
                ...(name === "app" && { testTarget: "report" }),
            };
        }),
    );
    const { region, accountId } = engine.world;
    const source = {
        type: "GITHUB",
        location: "https://github.com/example/app.git",
        connectionArn: `arn:aws:codeconnections:${region}:${accountId}:connection/1`,
        webhooks: true,
    };
    const stack = await TestStack.open(engine, "hostile", { images, source, buildSecrets: { token: secretName } });
    return (await stack.up()).outputs as Record<string, string>;
}

async function findTargets(engine: EngineWorld, outputs: Record<string, string>): Promise<CallTargets> {
    const { ecr, s3 } = awsClients(engine);
    const digest = outputs.imageDigest!;
    const repositoryName = nameOf(outputs.repositoryUrl!);
    const { images = [] } = await ecr.send(
        new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest: digest }] }),
    );
    const otherKey = "artifacts/trusted";
    await s3.send(new PutObjectCommand({ Bucket: outputs.cacheBucketName, Key: otherKey, Body: "trusted" }));
    const [pullRequests, trusted] = await Promise.all(
        [outputs.pullRequestProjectName!, outputs.buildProjectName!].map((name) => projectOf(engine, name)),
    );
    const variables = trusted!.environment!.environmentVariables!;
    return {
        outputs,
        digest,
        manifest: images[0]!.imageManifest!,
        mediaType: images[0]!.imageManifestMediaType!,
        baseRepository: "base/busybox",
        secretName,
        otherKey,
        toolsKey: variables.find(({ name }) => name === "BUILD_TOOLS_KEY")!.value!,
        pullRequestRole: pullRequests!.serviceRole!.split("/").pop()!,
        trustedLogGroup: trusted!.logsConfig!.cloudWatchLogs!.groupName!,
    };
}

async function projectOf(engine: EngineWorld, name: string): Promise<Project> {
    const { projects = [] } = await awsClients(engine).codebuild.send(new BatchGetProjectsCommand({ names: [name] }));
    return projects[0]!;
}
