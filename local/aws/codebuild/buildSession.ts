import type { Buildspec } from "./buildspec";
import { uploadBuildArtifacts } from "./artifacts";
import { endBuildProcesses } from "./buildProcesses";
import type { BuildRecord } from "./buildRecord";
import { BuildSite } from "./buildSite";
import { CacheArchive } from "./cache";
import { CloudWatchSink } from "./cloudWatchLog";
import { deliverSource, readBuildspec } from "./downloadSource";
import { builtInVariables } from "./builtInVariables";
import { exportedValues, mergeVariables, type Variable } from "./environmentVariables";
import { BuildLog, type LogSink } from "./logs";
import { PhaseError } from "./phaseError";
import { buildspecPhaseOf, type EndStatus, type PhaseType, runCommands } from "./phases";
import type { EffectiveProject } from "./project";
import { uploadReports } from "./reports";
import type { BuildHost, BuildRequest } from "./request";
import { resolveVariables } from "./resolveVariables";
import type { CredentialsProvider } from "../roleCredentials";
import { assumeRole, type RoleClients, roleClients } from "./role";
import { S3Sink } from "./s3Log";
import { BuildShell } from "./shell";
import { expand } from "./shellExpansion";

/** Parts of a session. */
export interface SessionOptions {
    request: BuildRequest;
    project: EffectiveProject;
    build: BuildRecord;
    host: BuildHost;
    /** Folder of the build's host. */
    folder: string;
    sinks: LogSink[];
    /** Signal that ends the build; its reason is a BuildEnded. */
    signal: AbortSignal;
}

/** Time (milliseconds) that the shell's EXIT traps may take. */
const shellGrace = 10_000;

/** Running build: the actions of its phases, and the results that later phases use. */
export class BuildSession {
    /** Buildspec, known from DOWNLOAD_SOURCE on. */
    buildspec: Buildspec | undefined;
    private readonly log: BuildLog;
    private credentials: CredentialsProvider | undefined;
    private clients: RoleClients | undefined;
    private cloudWatch: CloudWatchSink | undefined;
    private site: BuildSite | undefined;
    private shell: BuildShell | undefined;
    private cache: CacheArchive | undefined;
    private variables: Variable[] = [];
    private succeeding = true;

    constructor(private readonly options: SessionOptions) {
        this.log = new BuildLog([...options.sinks]);
    }

    /** Does the work of a phase. @throws PhaseError when it fails, BuildEnded when the build ends early */
    async run(phase: Exclude<PhaseType, "COMPLETED">): Promise<void> {
        if (phase !== "FINALIZING") this.options.signal.throwIfAborted();
        await this.actions[phase]();
    }

    /** Logs the end of a phase. */
    async phaseEnded(phase: PhaseType, status: EndStatus, statusCode: string, message: string): Promise<void> {
        if (status !== "SUCCEEDED") this.succeeding = false;
        if (phase === "FINALIZING") return;
        await this.log.message(`Phase complete: ${phase} State: ${status}`);
        await this.log.message(`Phase context status code: ${statusCode} Message: ${message}`);
    }

    private readonly actions: Record<Exclude<PhaseType, "COMPLETED">, () => Promise<void>> = {
        SUBMITTED: () => this.openLog(),
        QUEUED: () => Promise.resolve(),
        PROVISIONING: () => this.provision(),
        DOWNLOAD_SOURCE: () => this.downloadSource(),
        INSTALL: () => this.runBuildspecPhase("INSTALL"),
        PRE_BUILD: () => this.runBuildspecPhase("PRE_BUILD"),
        BUILD: () => this.runBuildspecPhase("BUILD"),
        POST_BUILD: async () => {
            await this.runBuildspecPhase("POST_BUILD").finally(() => this.readExportedVariables());
        },
        UPLOAD_ARTIFACTS: () => this.upload(),
        FINALIZING: () => this.close(),
    };

    /** Opens the log with the role's permissions, which all later calls use. */
    private async openLog(): Promise<void> {
        const { project, build, host } = this.options;
        const role = project.serviceRole;
        this.credentials = await assumeRole(host.world, {
            role,
            projectArn: project.arn,
            uuid: this.uuid,
            onCredentials: (values) => this.log.hide(values),
        });
        this.clients = roleClients(host.world, this.credentials);
        const { cloudWatchLogs, s3Logs } = project.logsConfig ?? {};
        if (cloudWatchLogs?.status !== "DISABLED") {
            const groupName = cloudWatchLogs?.groupName ?? `/aws/codebuild/${project.name}`;
            const streamName = [cloudWatchLogs?.streamName, this.uuid].filter((part) => part).join("/");
            const { region, accountId } = host.world;
            const groupArn = `arn:aws:logs:${region}:${accountId}:log-group:${groupName}`;
            const location = { groupName, streamName, cloudWatchLogsArn: `${groupArn}:log-stream:${streamName}` };
            build.logs = { ...build.logs, ...location };
            this.cloudWatch = await CloudWatchSink.open(this.clients.logs, { groupName, streamName, groupArn, role });
            this.log.addSink(this.cloudWatch);
        }
        if (s3Logs?.status === "ENABLED" && s3Logs.location !== undefined) {
            const sink = new S3Sink(this.clients.s3, { location: s3Logs.location, uuid: this.uuid, role });
            build.logs = { ...build.logs, s3LogsArn: sink.arn };
            this.log.addSink(sink);
        }
    }

    private async provision(): Promise<void> {
        const { host, folder, build, project } = this.options;
        this.site = await BuildSite.prepare({
            folder,
            toolchain: host.toolchain,
            world: host.world,
            credentials: ready(this.credentials),
            privileged: project.environment?.privilegedMode ?? false,
            onBuilderFailure: (sentence) => void this.log.message(sentence),
        });
        this.log.hide(this.site.secrets);
        await this.log.message(`Build ${build.id} under ${build.serviceRole}`);
        // A role that may not write the log is known before anything else happens.
        await this.cloudWatch?.flush();
    }

    private async downloadSource(): Promise<void> {
        const { request, project, build } = this.options;
        const site = ready(this.site);
        const clients = ready(this.clients);
        const access = { s3: clients.s3, role: project.serviceRole };
        const commit = await deliverSource(request, site.sourceDirectory, access);
        build.resolvedSourceVersion = commit;
        // The builds of a batch are told the commit, whatever the batch was started with (docs/decisions/100).
        if (request.batch !== undefined) build.sourceVersion = commit ?? build.sourceVersion;
        else if (request.webhook !== undefined) build.sourceVersion ??= commit;
        await this.log.message(`CODEBUILD_SRC_DIR=${site.sourceDirectory}`);
        this.buildspec = await readBuildspec({
            setting: project.source?.buildspec,
            sourceDirectory: site.sourceDirectory,
            ...access,
        });
        const phases = Object.entries(this.buildspec.phases);
        await this.log.message(`Phases found in YAML: ${phases.length}`);
        for (const [name, { commands }] of phases) {
            await this.log.message(` ${name.toUpperCase()}: ${commands.length} commands`);
        }
        this.shell = new BuildShell({
            shell: this.buildspec.env.shell === "bash" ? "bash" : "sh",
            environment: await this.environment(this.buildspec),
            directory: site.sourceDirectory,
            stateDirectory: site.stateDirectory,
            onOutput: (chunk) => this.log.output(chunk),
        });
        await this.restoreCache(this.buildspec);
    }

    private async environment(buildspec: Buildspec): Promise<Record<string, string>> {
        const { request, project, build, host } = this.options;
        const site = ready(this.site);
        this.variables = mergeVariables(buildspec.env, project.environment?.environmentVariables ?? [], []);
        const { values, secrets } = await resolveVariables(this.variables, {
            clients: ready(this.clients),
            role: project.serviceRole,
            region: host.world.region,
            accountId: host.world.accountId,
        });
        this.log.hide(secrets);
        const { sourceDirectory } = site;
        const builtIn = builtInVariables({ build, project, request, region: host.world.region, sourceDirectory });
        return { ...site.environment(), ...values, ...builtIn };
    }

    private async restoreCache({ cache }: Buildspec): Promise<void> {
        const { project } = this.options;
        if (cache === undefined) return;
        if (project.cache?.type !== "S3") {
            await this.log.message("The project has no cache in S3, so the cache of the buildspec is not used.");
            return;
        }
        this.cache = new CacheArchive({
            spec: cache,
            project,
            site: ready(this.site),
            s3: ready(this.clients).s3,
            expand: (text) => this.expand(text),
            report: (line) => this.log.message(line),
        });
        await this.cache.restore();
    }

    private async runBuildspecPhase(phase: "INSTALL" | "PRE_BUILD" | "BUILD" | "POST_BUILD"): Promise<void> {
        const buildspec = ready(this.buildspec);
        const spec = buildspec.phases[buildspecPhaseOf[phase]!];
        await this.log.message(`Entering phase ${phase}`);
        if (spec === undefined) return;
        const runtimes = Object.entries(buildspec.phases.install?.runtimeVersions ?? {});
        if (phase === "INSTALL" && runtimes.length > 0) {
            const wanted = runtimes.map((entry) => entry.join(" ")).join(", ");
            await this.log.message(`Runtimes are those of this machine; the buildspec asks for ${wanted}.`);
        }
        const shell = ready(this.shell);
        await shell.run(`export CODEBUILD_BUILD_SUCCEEDING=${this.succeeding ? 1 : 0}`, this.options.signal);
        const failed = await runCommands(spec, async (command) => {
            await this.log.message(`Running command ${command}`);
            const exitStatus = await shell.run(command, this.options.signal);
            await this.log.endOutput();
            if (exitStatus !== 0) {
                await this.log.message(`Command did not exit successfully ${command} exit status ${exitStatus}`);
            }
            return exitStatus;
        });
        if (failed === undefined) return;
        const message = `Error while executing command: ${failed.command.trimEnd()}. Reason: exit status ${failed.exitStatus}`;
        throw new PhaseError("COMMAND_EXECUTION_ERROR", message);
    }

    private readExportedVariables(): void {
        const names = ready(this.buildspec).env.exportedVariables;
        const environment = ready(this.shell).environment();
        this.options.build.exportedEnvironmentVariables = exportedValues(names, environment, this.variables);
    }

    private async upload(): Promise<void> {
        const { project, build, host } = this.options;
        const context = {
            buildspec: ready(this.buildspec),
            project,
            build,
            world: host.world,
            sourceDirectory: ready(this.site).sourceDirectory,
            clients: ready(this.clients),
            expand: (text: string) => this.expand(text),
            report: (line: string) => this.log.message(line),
        };
        // Reports are handed in whatever became of the artifacts, which a failed build often lacks.
        await uploadBuildArtifacts(context).finally(() => uploadReports(context));
        if (this.succeeding) await this.cache?.save();
    }

    private async close(): Promise<void> {
        const { build, signal } = this.options;
        const limit = AbortSignal.any([signal, AbortSignal.timeout(shellGrace)]);
        await this.shell?.end(limit).catch(() => undefined);
        await endBuildProcesses(`CODEBUILD_BUILD_ID=${build.id}`);
        build.builderStarted = this.site?.builderStarted ?? false;
        await this.site?.close();
        await this.log.close();
    }

    private expand(text: string): Promise<string> {
        return expand(text, ready(this.shell), ready(this.site), this.options.signal);
    }

    private get uuid(): string {
        return this.options.build.id.replace(/^.*:/, "");
    }
}

/** Returns the result of an earlier phase; no later phase runs without it. */
function ready<T>(value: T | undefined): T {
    if (value === undefined) throw new Error("A phase ran before the one that it needs.");
    return value;
}
