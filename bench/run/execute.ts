import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Command } from "../strategies";
import type { BuildHost } from "./buildHost";
import { type CarriedArchive, restoreDirectories, saveDirectories } from "./carriedArchive";
import type { Repositories } from "./repositories";

/** What commands are executed with. */
export interface Execution {
    host: BuildHost;
    repositories: Repositories;
    /** BASE_REGISTRY of auxiliary builds. */
    baseRegistry: string;
    /** Where carried directories are kept. */
    archive: CarriedArchive;
}

/** Executes the commands for one image. */
export async function execute(commands: Command[], execution: Execution): Promise<void> {
    const caching: Promise<void>[] = [];
    try {
        for (const command of commands) {
            const handle = handlers[command.kind] as Handler<Command>;
            if ((await handle(command, { ...execution, caching })) === "done") return;
        }
    } finally {
        await Promise.all(caching);
    }
}

/** What a command is executed with; it may leave builds that write caches, which those after it do not wait for. */
type Running = Execution & { caching: Promise<void>[] };

type Handler<Of> = (command: Of, running: Running) => Promise<"done" | void>;

type Handlers = { [Kind in Command["kind"]]: Handler<Command & { kind: Kind }> };

const handlers: Handlers = {
    build: async ({ arguments: args, missing, caching = [] }, { host, repositories, caching: running }) => {
        if (missing !== undefined && (await repositories.hasImage(missing))) return;
        await host.build(args);
        if (caching.length === 0) return;
        const build = host.auxiliaryBuild(caching);
        // Its error is thrown where it is waited for.
        build.catch(() => undefined);
        running.push(build);
    },
    fill: async ({ missing, from }, { host, repositories }) => {
        if (await repositories.hasImage(missing)) return;
        for (const { image, arguments: args } of from) {
            if (await repositories.hasImage(image)) return host.auxiliaryBuild(args);
        }
    },
    pull: pullImage,
    index: ({ reference, images }, { host }) => host.buildx(["imagetools", "create", "--tag", reference, ...images]),
    adopt: async ({ reference }, { repositories }) => ((await repositories.hasImage(reference)) ? "done" : undefined),
    restore: ({ directories }, execution) => restoreDirectories(directories, execution),
    save: ({ directories }, execution) => saveDirectories(directories, execution),
};

/**
 * Stands for `docker pull`: downloads all layers of an image and unpacks them where the build that follows finds them.
 * A step that reads the image is the way to have BuildKit do so.
 */
async function pullImage({ reference }: Command & { kind: "pull" }, { host, repositories }: Execution): Promise<void> {
    if (!(await repositories.hasImage(reference))) return;
    const folder = path.join(host.folder, "pull");
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, "Dockerfile"), `FROM ${reference}\nUSER 0\nRUN ["/bin/true"]\n`);
    await host.auxiliaryBuild(["--output=type=cacheonly", folder]);
}
