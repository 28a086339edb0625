import * as fs from "node:fs/promises";
import * as path from "node:path";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import type { Platform } from "../../infra/plan/platform";
import type { Strategy } from "../strategies";
import { compressedSize } from "../workloads/compressedSize";
import { dockerfileForms, nativePlatform, type Workload, type WorkloadImage } from "../workloads/workload";
import { BuildHost } from "./buildHost";
import { branchOf, type Case, type CaseBuild } from "./cases";
import { type Counters, difference, readCounters } from "./counters";
import type { BenchEnvironment } from "./environment";
import { DeployedLayers } from "./deployedLayers";
import { execute } from "./execute";

/** Cost of one build of a case, or of several that began together. */
export interface Measurement extends Counters {
    /** Wall seconds from the first command to the end of the last. */
    seconds: number;
    /** Number of Dockerfile steps that were executed. */
    stepsRun: number;
    /** Whether any builder was started. */
    builderStarted: boolean;
    /** Bytes of compressed layers that the images of the build before lacked. @default - not known */
    newLayerBytes?: number;
    /** Size of the code, compressed, in bytes. @default - the code is compiled */
    codeBytes?: number;
}

/** Platforms of a build for both. */
const bothPlatforms: Platform[] = ["linux/amd64", "linux/arm64"];

/** Builds of one strategy on one workload, one after the other, on a registry that nothing else uses. */
export class Chain {
    private readonly repositories = new Map<string, string>();
    private lastTag: string | undefined;
    /** References of the images of the last build. */
    private lastImages: string[] = [];
    private readonly deployed: DeployedLayers;
    private count = 0;

    constructor(
        private readonly environment: BenchEnvironment,
        readonly strategy: Strategy,
        readonly workload: Workload,
    ) {
        this.deployed = new DeployedLayers(environment.repositories);
    }

    /** Creates the repositories. */
    async open(): Promise<void> {
        for (const { name } of this.workload.images) {
            this.repositories.set(name, await this.environment.repositories.create(repositoryName(name)));
        }
        this.lastTag = undefined;
    }

    /** Removes the builds' data from registry and S3. */
    async close(): Promise<void> {
        const { s3, bucket } = this.environment;
        await this.removeRepositories();
        for (const { name } of this.workload.images) {
            await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: repositoryName(name) }));
        }
    }

    /** Measures a case on the registry as the case before left it. */
    async measure(one: Case): Promise<Measurement> {
        if (one.losesCache) {
            await this.removeRepositories();
            await this.open();
        }
        if (!one.isMultiPlatform) return this.build(one.builds, [nativePlatform]);
        await this.build([{ edits: {} }], bothPlatforms);
        return this.build(one.builds, bothPlatforms);
    }

    /** Tries the workload's check in the images of the last build. @throws Error with the end of its output */
    async check(): Promise<void> {
        const { check } = this.workload;
        if (check === undefined) return;
        const host = await BuildHost.prepare(path.join(this.environment.hosts, "check"), this.environment);
        try {
            for (const reference of this.lastImages) {
                await fs.writeFile(path.join(host.folder, "Dockerfile"), `FROM ${reference}\nRUN ${check}\n`);
                await host.auxiliaryBuild(["--output=type=cacheonly", host.folder]);
            }
        } finally {
            await host.close();
        }
    }

    private async removeRepositories(): Promise<void> {
        for (const { name } of this.workload.images) await this.environment.repositories.remove(repositoryName(name));
        this.repositories.clear();
    }

    private async build(builds: CaseBuild[], platforms: Platform[]): Promise<Measurement> {
        this.environment.signal.throwIfAborted();
        const { world, packageServer } = this.environment;
        const { codeFolder } = this.workload;
        const hosts: PreparedHost[] = [];
        try {
            for (const build of builds) hosts.push(await this.prepareHost(build));
            for (const host of hosts) await this.writeBuild(host);
            const before = await readCounters(world, packageServer);
            const started = performance.now();
            const built = await Promise.all(hosts.map((host) => this.buildOn(host, platforms)));
            const seconds = (performance.now() - started) / 1000;
            const counters = difference(before, await readCounters(world, packageServer));
            this.lastTag = hosts.at(-1)!.tag;
            this.lastImages = built.at(-1)!;
            const newLayerBytes = await this.deployed.deploy(this.lastImages);
            return {
                ...counters,
                seconds,
                ...(newLayerBytes !== undefined && { newLayerBytes }),
                stepsRun: hosts.reduce((sum, { host }) => sum + host.stepsRun, 0),
                builderStarted: hosts.some(({ host }) => host.builderStarted),
                ...(codeFolder !== undefined && {
                    codeBytes: await compressedSize(path.join(hosts[0]!.source, codeFolder)),
                }),
            };
        } finally {
            await Promise.all(hosts.map(({ host }) => host.close()));
        }
    }

    /** Prepares an empty host for a build; not part of the measured time. */
    private async prepareHost(build: CaseBuild): Promise<PreparedHost> {
        const tag = `build-${++this.count}`;
        const host = await BuildHost.prepare(path.join(this.environment.hosts, tag), this.environment);
        return { host, source: path.join(host.folder, "source"), tag, build };
    }

    /** Writes the source of a build onto its host; not part of the measured time. */
    private async writeBuild({ host, source, build }: PreparedHost): Promise<void> {
        await fs.mkdir(source);
        await this.workload.writeSource(source, build.edits, this.environment.site);
        const dockerfiles = path.join(host.folder, "dockerfiles");
        await fs.mkdir(dockerfiles);
        for (const image of this.workload.images) {
            await fs.mkdir(fileFolder(host, image), { recursive: true });
            const { name, dockerfiles: texts } = image;
            for (const form of dockerfileForms)
                await fs.writeFile(path.join(dockerfiles, `${name}.${form}`), texts[form]);
        }
    }

    /** Builds on a host. @returns references of the images */
    private async buildOn({ host, source, tag, build }: PreparedHost, platforms: Platform[]): Promise<string[]> {
        const { repositories, baseRegistry, s3, bucket } = this.environment;
        const images = this.workload.images.map((image) => {
            const repository = this.repositories.get(image.name)!;
            const commands = this.strategy.commands({
                repository,
                context: path.join(source, image.context),
                dockerfiles: dockerfilesOf(host, image),
                buildArgs: { BASE_REGISTRY: baseRegistry },
                platforms,
                branch: branchOf(build),
                tag,
                lastTag: this.lastTag,
                pinnedStages: image.pinnedStages ?? [],
                carriedDirectories: this.workload.carriedDirectories,
                folder: fileFolder(host, image),
            });
            const reference = commands.find((one) => one.kind === "adopt")?.reference ?? `${repository}:${tag}`;
            return { commands, archive: { s3, bucket, key: repositoryName(image.name) }, reference };
        });
        await execute(images, this.strategy, { host, repositories, baseRegistry });
        return images.map(({ reference }) => reference);
    }
}

/**
 * Names a repository. All chains share the names, and run one after the other: the registry keeps layers in memory until their name is used
 * again.
 */
function repositoryName(image: string): string {
    return `bench/${image}`;
}

/** Empty host, with the build to run on it. */
interface PreparedHost {
    host: BuildHost;
    /** Folder of the source. */
    source: string;
    tag: string;
    build: CaseBuild;
}

/** Names the folder for the files that a strategy writes for an image. */
function fileFolder(host: BuildHost, { name }: WorkloadImage): string {
    return path.join(host.folder, "files", name);
}

function dockerfilesOf(host: BuildHost, { name }: WorkloadImage) {
    const files = dockerfileForms.map((form) => [form, path.join(host.folder, "dockerfiles", `${name}.${form}`)]);
    return Object.fromEntries(files) as Record<(typeof dockerfileForms)[number], string>;
}
