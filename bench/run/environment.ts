import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { ensureBaseImages } from "../../local/world/base-images";
import { ensureRepository, writeRegistryLogin } from "../../local/world/base-images/registry";
import { hostsDirectory } from "../../local/aws/codebuild/buildRun";
import { endBuildProcesses } from "../../local/aws/codebuild/buildProcesses";
import { askGateway } from "../../local/aws/gateway/askGateway";
import type { LinkLimits } from "../../local/aws/gateway/http/shaping";
import { worldDirectory } from "../../local/paths";
import { unmountBelow } from "../../local/world/services/mounts";
import { startWorld, stopWorld, type World } from "../../local/world/services";
import { endStrayContainers } from "../../local/world/services/strays";
import { ensureToolchain, type Report, type Toolchain } from "../../local/world/toolchain";
import { writeNodeRoot, writePythonRoot } from "../base-images/interpreters";
import { type BaseImage, pushBaseImage } from "../base-images/pushBaseImage";
import { PackageServer } from "../packages/packageServer";
import { PackageSite } from "../packages/packageSite";
import type { Workload } from "../workloads/workload";
import { chooseHostFolders, type HostFolders } from "./hostFolders";
import { Repositories } from "./repositories";

/** Values that the builds of a benchmark share. */
export interface BenchEnvironment {
    toolchain: Toolchain;
    world: World;
    packageServer: PackageServer;
    site: PackageSite;
    repositories: Repositories;
    s3: S3Client;
    /** Bucket of carried directories. */
    bucket: string;
    /** Folder with a login of the registry, DOCKER_CONFIG. */
    dockerConfig: string;
    /** Registry of base images in all builds, BASE_REGISTRY. */
    baseRegistry: string;
    /** Absolute path of the folder of prepared files. */
    folder: string;
    /** Absolute path of the folder for build hosts. */
    hosts: string;
    hostFolders: HostFolders;
    /** Signal that ends running builds. */
    signal: AbortSignal;
    /** Function that ends the services and removes all files. */
    close: () => Promise<void>;
}

/**
 * Starts the services, and makes packages and base images. The caller closes the environment.
 *
 * @param limits limits of the line to all servers, which apply from the end of this call on
 */
export async function openEnvironment(
    workloads: Workload[],
    limits: LinkLimits,
    report: Report,
    signal: AbortSignal,
): Promise<BenchEnvironment> {
    const toolchain = await ensureToolchain(report, signal);
    await removeWorld(report);
    const hosts = benchHosts();
    const hostFolders = await chooseHostFolders(hosts, report);
    report("services …");
    const world = await startWorld(toolchain, report, signal);
    const folder = path.join(worldDirectory(), "bench");
    const site = path.join(folder, "packages");
    await fs.mkdir(site, { recursive: true, mode: 0o700 });
    const packageServer = await PackageServer.start(site);
    const { endpoint, region, accessKeyId, secretAccessKey } = world;
    const client = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    const [ecr, s3] = [new ECRClient(client), new S3Client({ ...client, forcePathStyle: true })];
    const environment: BenchEnvironment = {
        toolchain,
        world,
        packageServer,
        site: new PackageSite(site, packageServer.origin),
        repositories: new Repositories(ecr, world.registry),
        s3,
        bucket: "carried-directories",
        dockerConfig: path.join(folder, "docker"),
        baseRegistry: `${world.registry}/base`,
        folder,
        hosts,
        hostFolders,
        signal,
        close: async () => {
            ecr.destroy();
            s3.destroy();
            await packageServer.close();
            await removeWorld(report);
        },
    };
    try {
        await fs.mkdir(environment.dockerConfig, { mode: 0o700 });
        await writeRegistryLogin(ecr, world.registry, environment.dockerConfig);
        await s3.send(new CreateBucketCommand({ Bucket: environment.bucket }));
        await makeBaseImages(environment, ecr, report, signal);
        report("packages …");
        const python = pythonOf(toolchain);
        for (const prepare of new Set(workloads.map(({ preparePackages }) => preparePackages))) {
            await prepare(environment.site, { python, report, signal });
        }
        await setLimits(environment, limits);
        return environment;
    } catch (error) {
        await environment.close();
        throw error;
    }
}

/** Ends the services of the benchmark and the leftovers of a killed one, and removes all their data. */
export async function removeWorld(report: Report): Promise<void> {
    for (const hosts of [benchHosts(), hostsDirectory(worldDirectory())]) {
        // Builders and commands of a host have their temporary files there; steps have their root folder there.
        await endBuildProcesses(`TMPDIR=${hosts}/`);
        await endStrayContainers(hosts);
        await unmountBelow(hosts);
    }
    await stopWorld(report);
    await fs.rm(worldDirectory(), { recursive: true, force: true });
}

/** Names the absolute folder for build hosts. A deeper one would exceed the limit of socket paths. */
function benchHosts(): string {
    return path.join(worldDirectory(), "hosts");
}

/** Names the machine's Python that has pip. */
function pythonOf({ ministack }: Toolchain): string {
    return path.join(path.dirname(ministack), "python");
}

async function makeBaseImages(
    environment: BenchEnvironment,
    ecr: ECRClient,
    report: Report,
    signal: AbortSignal,
): Promise<void> {
    const { world, toolchain, folder, packageServer } = environment;
    report("base images …");
    await ensureBaseImages({ toolchain, world, signal }, report);
    const root = (name: string) => path.join(folder, "roots", name);
    await writePythonRoot(root("python"), pythonOf(toolchain));
    await writeNodeRoot(root("node"));
    await fs.mkdir(root("golang"));
    const images: BaseImage[] = [
        { repository: "golang", tag: "1.26-alpine", root: root("golang") },
        { repository: "python", tag: "3.11-slim", root: root("python") },
        { repository: "node", tag: "20-slim", root: root("node") },
    ];
    for (const image of images) {
        report(`base image ${image.repository}:${image.tag} …`);
        await ensureRepository(ecr, `base/${image.repository}`);
        await pushBaseImage(image, { ...environment, packages: packageServer.origin });
    }
    await fs.rm(path.join(folder, "roots"), { recursive: true });
}

async function setLimits({ world, packageServer }: BenchEnvironment, limits: LinkLimits): Promise<void> {
    await askGateway(world, "limits", limits);
    packageServer.limit(limits);
}
