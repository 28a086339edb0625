import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { worldDirectory } from "../../paths";
import { writeJsonFile } from "../../machine/jsonFile";
import { isRunning, processStatus, type ProcessIdentity } from "../../machine/processes";
import { withLock } from "../../world/toolchain/lock";
import { type BuildRecord, completeBuild, endPhase } from "./buildRecord";

/** Names the folder of the records of all builds in the world of worldDirectory(). */
export function buildsDirectory(): string {
    return path.join(worldDirectory(), "codebuild", "builds");
}

/** Content of a file of the store. */
interface StoredBuild {
    /** Process that runs the build. */
    runner: ProcessIdentity;
    build: BuildRecord;
}

/** Pattern of a build id: project name and UUID. */
const buildId = /^[A-Za-z0-9][A-Za-z0-9_-]*:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Store of one world's builds, one file each. All processes that serve the API or run a build read them. */
export class BuildStore {
    /** @param directory folder of the files; created with the first build */
    constructor(private readonly directory: string) {}

    /** Records a new build under the next number of its project. */
    async create(projectName: string, make: (buildNumber: number) => BuildRecord): Promise<BuildRecord> {
        await fs.mkdir(this.directory, { recursive: true, mode: 0o700 });
        return withLock(
            this.directory,
            () => undefined,
            undefined,
            async () => {
                const numbers = (await this.list(projectName)).map((build) => build.buildNumber);
                const build = make(Math.max(0, ...numbers) + 1);
                await this.write(build);
                return build;
            },
        );
    }

    /** Records the present state of a build that this process runs. */
    async write(build: BuildRecord): Promise<void> {
        const runner = { pid: process.pid, startTime: processStatus(process.pid)?.startTime ?? 0 };
        await writeJsonFile(this.file(build.id, "json"), { runner, build } satisfies StoredBuild);
    }

    /** Reads a build. @returns undefined for an unknown id */
    async read(id: string): Promise<BuildRecord | undefined> {
        if (!buildId.test(id)) return undefined;
        try {
            return await present(this.file(id, "json"));
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
            throw error;
        }
    }

    /** Lists all builds, or those of one project, the newest first. */
    async list(projectName?: string): Promise<BuildRecord[]> {
        const names = await fs.readdir(this.directory).catch((error: NodeJS.ErrnoException) => {
            if (error.code === "ENOENT") return [];
            throw error;
        });
        const files = names.filter((name) => name.endsWith(".json")).map((name) => path.join(this.directory, name));
        const builds = await Promise.all(files.map(present));
        return builds
            .filter((build) => projectName === undefined || build.projectName === projectName)
            .sort((a, b) => b.startTime - a.startTime || b.buildNumber - a.buildNumber);
    }

    /** Asks the process that runs a build to stop it. */
    async requestStop(id: string): Promise<void> {
        await fs.writeFile(this.file(id, "stop"), "", { mode: 0o600 });
    }

    /** Tells whether a caller asked to stop a build. */
    stopRequested(id: string): boolean {
        return existsSync(this.file(id, "stop"));
    }

    private file(id: string, extension: string): string {
        const uuid = buildId.exec(id)?.[1];
        if (uuid === undefined) throw new Error(`"${id}" is no build id; they look like project:uuid.`);
        return path.join(this.directory, `${uuid}.${extension}`);
    }
}

/**
 * Reads a build as it is now; a running build whose process is gone counts as ended. The process may have completed the build just before
 * its end, so the file is read once more after that.
 */
async function present(file: string): Promise<BuildRecord> {
    const read = async () => JSON.parse(await fs.readFile(file, "utf8")) as StoredBuild;
    const { runner, build: earlier } = await read();
    if (earlier.buildComplete || isRunning(runner)) return earlier;
    const { build } = await read();
    if (build.buildComplete) return build;
    const message = `Process ${runner.pid}, which ran the build, has ended before it.`;
    if (build.phases.length > 0) endPhase(build, "FAULT", [{ statusCode: "INTERNAL_SERVICE_ERROR", message }]);
    completeBuild(build, "FAULT");
    return build;
}
