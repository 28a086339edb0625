import * as fs from "node:fs/promises";
import * as path from "node:path";
import { inTurn } from "../../infra/buildTools/inTurn";
import type { Command, Strategy } from "../strategies";
import type { BuildHost } from "./buildHost";
import { type CarriedArchive, restoreDirectories, saveDirectories } from "./carriedArchive";
import type { Repositories } from "./repositories";

/** Values for the execution of commands. */
export interface Execution {
    host: BuildHost;
    repositories: Pick<Repositories, "existing">;
    /** Registry of base images, BASE_REGISTRY, in auxiliary builds. */
    baseRegistry: string;
}

/** Commands to execute for one image. */
export interface ImageCommands {
    commands: Command[];
    /** Place of the image's carried directories. */
    archive: CarriedArchive;
}

/** Rounds of a strategy that runs several builds at once, as infra/buildTools/build.ts has them: the kinds of their commands. */
const rounds = ["fill", "stage", "cache", "build", "index"] as const;

/** Rounds whose builds run one after the other, for the reasons given there. */
const sequential: readonly Command["kind"][] = ["fill", "cache"];

/**
 * Executes the commands for the images of a source.
 *
 * @param parallelBuilds limit as in {@link Strategy}
 */
export async function execute(
    images: ImageCommands[],
    { parallelBuilds }: Pick<Strategy, "parallelBuilds">,
    execution: Execution,
): Promise<void> {
    const lookups = images.map(({ commands }) => execution.repositories.existing(commands.flatMap(lookedUp)));
    const existing = new Set((await Promise.all(lookups)).flatMap((found) => [...found]));
    const commands = images.flatMap(({ commands, archive }) => {
        const isAdopted = commands.some((command) => command.kind === "adopt" && existing.has(command.reference));
        return isAdopted ? [] : commands.map((command) => ({ command, archive }));
    });
    const run = ({ command, archive }: (typeof commands)[number]) =>
        (handlers[command.kind] as Handler<Command>)(command, { ...execution, archive, existing });
    if (parallelBuilds === undefined) {
        await inTurn(1, commands, run);
    } else {
        for (const kind of rounds) {
            const all = commands.filter(({ command }) => command.kind === kind);
            await inTurn(sequential.includes(kind) ? 1 : parallelBuilds, all, run);
        }
    }
}

/** Lists the images that a command depends on; those of all commands are looked up at once. */
function lookedUp(command: Command): string[] {
    if (command.kind === "adopt" || command.kind === "pull") return [command.reference];
    if (command.kind === "stage") return [command.missing];
    return command.kind === "fill" ? command.from.map(({ image }) => image) : [];
}

/** Values for the execution of one command. */
interface Running extends Execution, Pick<ImageCommands, "archive"> {
    /** Images that existed at the beginning. */
    existing: Set<string>;
}

type Handler<Of> = (command: Of, running: Running) => Promise<void>;

type Handlers = { [Kind in Command["kind"]]: Handler<Command & { kind: Kind }> };

const handlers: Handlers = {
    fill: async ({ missing, from }, { host, existing }) => {
        const last = from.find(({ image }) => existing.has(image));
        if (last !== undefined && !existing.has(missing)) await host.auxiliaryBuild(last.arguments);
    },
    stage: async ({ missing, arguments: args }, { host, existing }) => {
        if (!existing.has(missing)) await host.build(args);
    },
    cache: async ({ missing, arguments: args }, { host, existing }) => {
        if (!existing.has(missing)) await host.auxiliaryBuild(args);
    },
    build: ({ arguments: args }, { host }) => host.build(args),
    pull: pullImage,
    index: ({ reference, images }, { host }) => host.buildx(["imagetools", "create", "--tag", reference, ...images]),
    // Decided before any command is executed.
    adopt: () => Promise.resolve(),
    restore: ({ directories }, execution) => restoreDirectories(directories, execution),
    save: ({ directories }, execution) => saveDirectories(directories, execution),
};

/**
 * Replaces `docker pull`: downloads all layers of an image and unpacks them where the next build finds them. A step that reads the image
 * makes BuildKit do so.
 */
async function pullImage({ reference }: Command & { kind: "pull" }, { host, existing }: Running): Promise<void> {
    if (!existing.has(reference)) return;
    const folder = path.join(host.folder, "pull");
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, "Dockerfile"), `FROM ${reference}\nUSER 0\nRUN ["/bin/true"]\n`);
    await host.auxiliaryBuild(["--output=type=cacheonly", folder]);
}
