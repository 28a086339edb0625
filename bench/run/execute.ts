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
}

/** What is executed for one image. */
export interface ImageCommands {
    commands: Command[];
    /** Where its carried directories are kept. */
    archive: CarriedArchive;
}

/** What the commands of one image are executed with. */
export type ImageExecution = Execution & Pick<ImageCommands, "archive">;

/** Executes the commands for the images of a source, one after the other. */
export async function execute(images: ImageCommands[], execution: Execution): Promise<void> {
    const lookups = images.map(({ commands }) => execution.repositories.existing(commands.flatMap(lookedUp)));
    const existing = new Set((await Promise.all(lookups)).flatMap((found) => [...found]));
    const caching: Promise<void>[] = [];
    for (const { commands, archive } of images) {
        for (const command of commands) {
            const handle = handlers[command.kind] as Handler<Command>;
            if ((await handle(command, { ...execution, archive, existing, caching })) === "done") break;
        }
    }
    await Promise.all(caching);
}

/** Images that a command depends on; those of all commands are looked up at once. */
function lookedUp(command: Command): string[] {
    if (command.kind === "adopt" || command.kind === "pull") return [command.reference];
    if (command.kind !== "build" || command.missing === undefined) return [];
    return [command.missing, ...(command.filling ?? []).map(({ image }) => image)];
}

/** What a command is executed with. */
interface Running extends ImageExecution {
    /** Images that were there in the beginning. */
    existing: Set<string>;
    /** Builds that write caches, which the commands after them do not wait for. */
    caching: Promise<void>[];
}

type Handler<Of> = (command: Of, running: Running) => Promise<"done" | void>;

type Handlers = { [Kind in Command["kind"]]: Handler<Command & { kind: Kind }> };

const handlers: Handlers = {
    build: async ({ arguments: args, missing, filling, caching }, { host, existing, caching: running }) => {
        if (missing !== undefined && existing.has(missing)) return;
        const last = filling?.find(({ image }) => existing.has(image));
        if (last !== undefined) await host.auxiliaryBuild(last.arguments);
        await host.build(args);
        if (caching === undefined) return;
        const build = host.auxiliaryBuild(caching);
        // Its error is thrown where it is waited for.
        build.catch(() => undefined);
        running.push(build);
    },
    pull: pullImage,
    index: ({ reference, images }, { host }) => host.buildx(["imagetools", "create", "--tag", reference, ...images]),
    adopt: ({ reference }, { existing }) => Promise.resolve(existing.has(reference) ? "done" : undefined),
    restore: ({ directories }, execution) => restoreDirectories(directories, execution),
    save: ({ directories }, execution) => saveDirectories(directories, execution),
};

/**
 * Stands for `docker pull`: downloads all layers of an image and unpacks them where the build that follows finds them.
 * A step that reads the image is the way to have BuildKit do so.
 */
async function pullImage({ reference }: Command & { kind: "pull" }, { host, existing }: Running): Promise<void> {
    if (!existing.has(reference)) return;
    const folder = path.join(host.folder, "pull");
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, "Dockerfile"), `FROM ${reference}\nUSER 0\nRUN ["/bin/true"]\n`);
    await host.auxiliaryBuild(["--output=type=cacheonly", folder]);
}
