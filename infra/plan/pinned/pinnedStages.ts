import { createHash } from "node:crypto";
import { contextEntries, type ContextEntry, ignoreFile, readOwnFile } from "../buildContext";
import { addArguments, addCompression, addEntries, addField } from "../contentFields";
import { type Dockerfile, DockerfileError, type Stage } from "../dockerfile/dockerfile";
import { parseDockerfile } from "../dockerfile/parseDockerfile";
import { stagesBelow, targetStage } from "../dockerfile/stages";
import { platformTag } from "../platform";
import { type CarriedFolder, carriedFolders, withOwnIds } from "./carriedFolders";
import { contextSources, ignoreAllBut, readEntries } from "./contextReads";
import { refuseLostArguments } from "./lostArguments";
import type { PinnedSource } from "./pinnedSource";
import { splitDockerfile, splitTarget } from "./splitLayers";
import { sliceStages } from "./stageSlice";
import { unclearReason } from "./unclearStage";

/**
 * Stage whose result is kept in the registry as an image. The stage is built from these texts and arguments only, so no input outside its
 * tag can reach it.
 */
export interface PinnedStage {
    /** Name of the stage in lower case; the image takes the stage's place as the named context of this name. */
    name: string;
    /** Tag `deps-<hash>`, followed by the architecture where the image has several platforms. */
    tag: string;
    /** Text of a Dockerfile that makes this stage. */
    dockerfile: string;
    /** Stage of that Dockerfile to build. */
    target: string;
    /** Text of an ignore file that lets through only the stage's part of the context. */
    ignore: string;
    /** Build arguments that can reach the stage. */
    buildArgs: Record<string, string>;
    /**
     * Identity of everything that can change the stage except the files it reads. Two images of the same recipe can differ only in
     * installed packages and their compression.
     */
    recipe: string;
    /** Folders of the stage's image that may seed its cache mounts. */
    carried: CarriedFolder[];
    /** Reason for which every change of the source counts as one of the stage. @default - all inputs of the stage are known */
    unclear?: string;
    /** Whether the image copies from the stage, whose layers of packages then do not become the image's. @default false */
    isCopied?: true;
}

/** Version of the hash; it changes with the meaning of the hash, so that tags of two versions of these files never meet. */
const hashVersion = "2";

/** Arguments that count without being declared: https://docs.docker.com/reference/dockerfile/#predefined-args and #buildkit-built-in-build-args */
const undeclaredArguments = /^(BUILDKIT_.*|SOURCE_DATE_EPOCH|(HTTP|HTTPS|FTP|NO|ALL)_PROXY)$/i;

/** Arguments whose values are those of the host that builds. */
const hostArguments = ["BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT"];

/**
 * Finds the pinned stages of an image for one platform, with everything that can change them. Where the inputs cannot be told, all of the
 * source counts.
 *
 * The content of a base image is not seen. This concerns other content under the same reference (the purpose of `rebuildKey`), and ONBUILD
 * triggers that read the context.
 *
 * @throws DockerfileError for a stage that does not exist, that is the image itself or no part of it, or whose arguments would be lost
 */
export function pinStages(source: PinnedSource): PinnedStage[] {
    if (source.pinnedStages.length === 0) return [];
    const text = readOwnFile(source.dockerfile).toString();
    const dockerfile = parseDockerfile(text, source.buildArgs);
    const entries = contextEntries(source.context, source.dockerfile);
    const target = targetStage(dockerfile, source.target);
    const parts = stagesBelow(dockerfile, target);
    return source.pinnedStages.map(({ name, layers }) => {
        const stage = targetStage(dockerfile, name);
        if (stage === target) throw new DockerfileError(`the stage "${name}" is the image itself; pin one below it`);
        if (!parts.includes(stage))
            throw new DockerfileError(`the stage "${name}" is no part of the image; pin one that is`);
        refuseLostArguments({ text, dockerfile, stage, buildArgs: source.buildArgs });
        const pinned = pinStage(source, { text, dockerfile, stage, layers, entries });
        return layers === undefined || continues(target, stage) ? pinned : { ...pinned, isCopied: true };
    });
}

/** Tells whether a stage begins with another one, directly or through others. */
function continues({ baseStage }: Stage, stage: Stage): boolean {
    return baseStage !== undefined && (baseStage === stage || continues(baseStage, stage));
}

/** Explains what makes a pinned stage less useful than it could be, in one sentence each. */
export function pinnedStageWarnings({ name, unclear, isCopied }: PinnedStage): string[] {
    return [
        ...(unclear ? [`Every change of the source makes the pinned stage "${name}" again, since ${unclear}.`] : []),
        ...(isCopied
            ? [
                  `The layers of the pinned stage "${name}" are not the image's, which copies from it; begin the image with FROM ${name}.`,
              ]
            : []),
    ];
}

/** Known facts of a stage. */
interface StageInput {
    text: string;
    dockerfile: Dockerfile;
    stage: Stage;
    /** Folders whose packages are spread over layers. @default - none */
    layers?: string[];
    /** All entries of the context. */
    entries: ContextEntry[];
}

function pinStage(source: PinnedSource, input: StageInput): PinnedStage {
    const name = input.stage.name!;
    const parts = splitParts(input, stageParts(source, input));
    const hash = createHash("sha256");
    addField(hash, "version", hashVersion);
    addField(hash, "stage", name);
    addField(hash, "dockerfile", parts.dockerfile);
    addField(hash, "platform", source.platform);
    if (parts.isMadeForHost) addField(hash, "build platform", source.buildPlatform);
    addField(hash, "rebuild key", source.rebuildKey);
    addArguments(hash, parts.buildArgs);
    const recipe = hash.copy().digest("hex").slice(0, 12);
    addCompression(hash, source.compression);
    addEntries(hash, parts.entries);
    const tag = platformTag(`deps-${hash.digest("hex").slice(0, 40)}`, source.platforms, source.platform);
    const { target, ignore, buildArgs, unclear } = parts;
    const { text: dockerfile, folders: carried } = withOwnIds(parts.dockerfile, parts.carried, recipe);
    return {
        ...{ name, tag, dockerfile, target, ignore, buildArgs, recipe, carried },
        ...(unclear !== undefined && { unclear }),
    };
}

/** Adds the stages that spread packages over layers, where folders are named. */
function splitParts(
    { text, dockerfile, stage, layers }: StageInput,
    parts: StageParts,
): StageParts & { target: string } {
    const name = stage.name!;
    if (layers === undefined) return { ...parts, target: name };
    const split = splitDockerfile({ text, stages: dockerfile.stages, stage, folders: layers });
    return { ...parts, dockerfile: `${parts.dockerfile}\n${split}`, target: splitTarget(name) };
}

/** Inputs that a stage is built from. */
type StageParts = Omit<PinnedStage, "name" | "tag" | "recipe" | "target"> & {
    entries: ContextEntry[];
    isMadeForHost: boolean;
};

function stageParts(source: PinnedSource, { text, dockerfile, stage, entries }: StageInput): StageParts {
    const stages = stagesBelow(dockerfile, stage);
    const slice = sliceStages(text, dockerfile.stages, stages);
    if (slice.mentions("TARGETSTAGE")) {
        throw new DockerfileError(
            `the stage "${stage.name}" asks for TARGETSTAGE, which pinning changes; do without one`,
        );
    }
    const carried = carriedFolders(stage.name!, stages);
    const everythingSince = (reason: string) => ({ ...everything(source, text, entries, reason), carried });
    const reason = unclearReason({ text, dockerfile, stages, slice, buildArgs: source.buildArgs });
    if (reason !== undefined) return everythingSince(reason);
    const read = readEntries(entries, contextSources(stages));
    if (read === undefined) return everythingSince("a source leads through a symbolic link");
    const ignore = ignoreAllBut(read);
    if (ignore === undefined) return everythingSince("no ignore file can name one of its files");
    const reaching = Object.entries(source.buildArgs).filter(
        ([name]) => undeclaredArguments.test(name) || slice.mentions(name),
    );
    return {
        dockerfile: slice.text,
        ignore,
        buildArgs: Object.fromEntries(reaching),
        carried,
        entries: read,
        isMadeForHost: hostArguments.some((name) => slice.mentions(name)),
    };
}

function everything(
    source: PinnedSource,
    text: string,
    entries: ContextEntry[],
    unclear: string,
): Omit<StageParts, "carried"> {
    const file = ignoreFile(source.context, source.dockerfile);
    return {
        dockerfile: text,
        ignore: file === undefined ? "" : readOwnFile(file).toString(),
        buildArgs: source.buildArgs,
        entries,
        isMadeForHost: true,
        unclear,
    };
}
