import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensureRepository, writeRegistryLogin } from "../../local/world/base-images/registry";
import { worldDirectory } from "../../local/paths";
import { builderEnvironment } from "../../local/world/services";
import { BuildSteps } from "../../local/world/stack/buildSteps";
import { readTraffic } from "../../local/world/stack/traffic";
import { runCommand } from "../../local/world/toolchain/command";
import { awsClients, emptyBuilder, type EngineWorld } from "./engineWorld";

/** Cost of one build. */
export interface BuildCost {
    /** Bytes read from the registry. */
    bytesDown: number;
    /** Bytes written to the registry. */
    bytesUp: number;
    /** Number of executed RUN steps. */
    runs: number;
}

/** Settings of {@link RegistryBuilds.build}. */
export interface RegistryBuildOptions {
    /** Build arguments besides BASE_REGISTRY. @default - none */
    buildArgs?: Record<string, string>;
    /** Build secrets by id. @default - none */
    secrets?: Record<string, string>;
    /** Named contexts, by name: absolute paths of folders. @default - none */
    contexts?: Record<string, string>;
    /** Whether the builder keeps its data, as a build host that lives on does. @default - the builder is emptied before */
    keepBuilder?: boolean;
}

/** Builds by docker-buildx, with the world's registry and a registry cache (mode=max), as AppImage and the buildspec do. */
export class RegistryBuilds {
    private constructor(
        private readonly engine: EngineWorld,
        private readonly repository: string,
        private readonly dockerConfig: string,
    ) {}

    /** Opens builds of a repository. @param repository name of the repository to push to; it is created */
    static async open(engine: EngineWorld, repository: string): Promise<RegistryBuilds> {
        const { ecr } = awsClients(engine);
        await ensureRepository(ecr, repository);
        const dockerConfig = await fs.mkdtemp(path.join(worldDirectory(), "login-"));
        await writeRegistryLogin(ecr, engine.world.registry, dockerConfig);
        return new RegistryBuilds(engine, repository, dockerConfig);
    }

    /** Value of BASE_REGISTRY. */
    get baseRegistry(): string {
        return `${this.engine.world.registry}/base`;
    }

    /**
     * Builds a folder and pushes it as `<repository>:<tag>`, reading and writing the cache of that tag.
     *
     * @param folder absolute path of the build context
     */
    async build(folder: string, tag: string, options: RegistryBuildOptions = {}): Promise<BuildCost> {
        const { world } = this.engine;
        if (!options.keepBuilder) await emptyBuilder(this.engine);
        const reference = this.reference(tag);
        const cache = `type=registry,ref=${this.reference(`cache-${tag}`)}`;
        const before = (await readTraffic(world)).total;
        const secrets = Object.entries(options.secrets ?? {});
        const args = [
            folder,
            "--progress=plain",
            "--provenance=false",
            ...Object.entries({ BASE_REGISTRY: this.baseRegistry, ...options.buildArgs }).map(
                ([name, value]) => `--build-arg=${name}=${value}`,
            ),
            `--cache-from=${cache}`,
            `--cache-to=${cache},mode=max,image-manifest=true,oci-mediatypes=true`,
            `--output=type=image,name=${reference},push=true`,
            ...Object.entries(options.contexts ?? {}).map(([name, location]) => `--build-context=${name}=${location}`),
            ...secrets.map(([id]) => `--secret=id=${id},env=SECRET_${id}`),
        ];
        const steps = await this.buildx(
            args,
            Object.fromEntries(secrets.map(([id, value]) => [`SECRET_${id}`, value])),
        );
        const after = (await readTraffic(world)).total;
        return {
            bytesDown: after.down - before.down,
            bytesUp: after.up - before.up,
            runs: steps.executed.filter((step) => step.includes("] RUN ")).length,
        };
    }

    /** Reads the configuration of a pushed image, its history included, as JSON. */
    async configuration(tag: string): Promise<string> {
        const args = ["imagetools", "inspect", this.reference(tag), "--format", "{{json .Image}}"];
        return runCommand(this.engine.toolchain.dockerBuildx, args, { env: this.environment() });
    }

    private reference(tag: string): string {
        return `${this.engine.world.registry}/${this.repository}:${tag}`;
    }

    private environment(): NodeJS.ProcessEnv {
        return { ...builderEnvironment(this.engine.world), DOCKER_CONFIG: this.dockerConfig };
    }

    private async buildx(args: string[], environment: Record<string, string>): Promise<BuildSteps> {
        const { toolchain, world } = this.engine;
        const child = spawn(toolchain.dockerBuildx, ["--builder", world.builder, "build", ...args], {
            env: { ...this.environment(), ...environment },
            stdio: ["ignore", "ignore", "pipe"],
        });
        let log = "";
        child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
        const exitCode = await new Promise<number | null>((resolve, reject) => {
            child.once("error", reject).once("close", resolve);
        });
        if (exitCode !== 0) throw new Error(`docker-buildx build ended with ${exitCode}:\n${log}`);
        const steps = new BuildSteps();
        for (const line of log.split("\n")) steps.add(line);
        return steps;
    }
}
