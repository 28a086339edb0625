import * as fs from "node:fs";
import * as path from "node:path";
import { writeStageFiles } from "../plan/pinned/stageFiles";
import { type BuiltImage, type ImageState, readState, stageKey, writeState } from "./buildState";
import { AwsCalls } from "./awsCalls";
import { builtStage } from "./builtImages";
import { type Buildx, BuildxProcesses, type Print } from "./buildx";
import type { BuildVariables } from "./gitReference";
import { inTurn } from "./inTurn";
import { repositoryNameOf } from "./lookup";
import {
    fillingReference,
    imagesToTest,
    type MissingBuild,
    missingBuilds,
    missingIndexes,
    type MissingStage,
    missingStages,
    platformImage,
    stageArguments,
} from "./missing";
import { fillingArguments } from "./planPinnedStages";
import { Proofs } from "./proofs";
import { requirePassed, testFolder } from "./testReports";

/** Settings of the builds of one run. */
export interface BuildTarget {
    buildx: Buildx;
    proofs: Pick<Proofs, "write">;
    /** The work folder. */
    folder: string;
    /** Limit of stages, tests and images built at the same time. */
    parallelBuilds: number;
    /** Function that takes the lines of the build log. */
    log: Print;
}

/** Build of one thing, with its part of the build log. */
type Logged<One> = One & { print: Print };

/**
 * Builds missing images with a builder of its own, and joins the platforms of images.
 *
 * @param folder the work folder
 * @throws Error for the first build that failed
 */
export async function build(folder: string, variables: BuildVariables): Promise<void> {
    const state = readState(folder);
    const { images, parallelBuilds, marks } = state;
    const buildx = new BuildxProcesses(folder, variables);
    const proofs = new Proofs(new AwsCalls(), variables);
    const target = { buildx, proofs, folder, parallelBuilds, log: console.log };
    if (missingBuilds(images).length > 0) {
        marks.push({ phase: "builder", time: Date.now() });
        await buildx.withBuilder(async () => {
            marks.push({ phase: "build", time: Date.now() });
            await buildImages(images, target);
        });
    }
    await joinPlatforms(images, buildx);
    writeState(folder, state);
}

/**
 * Builds in rounds (docs/decisions/093): pinned stages, tests, and then images. Each platform has its own cache and is pushed straight from
 * the builder. The results are recorded in the images.
 *
 * @throws Error for the first build that failed, once those that ran beside it have ended, or for a test that failed
 */
export async function buildImages(images: ImageState[], target: BuildTarget): Promise<void> {
    await buildStages(logged(missingStages(images), stageLabel, target), target);
    await runTests(
        logged(imagesToTest(images), ({ plan }) => plan.name, target),
        target,
    );
    const builds = logged(missingBuilds(images), buildLabel, target);
    await inTurn(target.parallelBuilds, builds, (one) => buildImage(one, target));
}

async function buildStages(stages: Logged<MissingStage>[], target: BuildTarget): Promise<void> {
    // Stages may have mounts in common, so one is filled after the other, and none while something is installed.
    await inTurn(1, stages, (one) => fillMounts(one, target));
    try {
        await inTurn(target.parallelBuilds, stages, (one) => buildStage(one, target));
    } finally {
        // The caches of those that were pushed, whatever becomes of the others and of the images; with the push, their layers would be
        // sent for each cache too. One after the other: beside another build of the same base, the steps may not be found and would
        // run again (moby/buildkit#6954).
        await inTurn(1, stages, (one) => writeCaches(one, target));
    }
}

/** Fills the cache mounts of a stage from the stage's previous image; without such an image the mounts start empty. */
async function fillMounts(one: Logged<MissingStage>, target: BuildTarget): Promise<void> {
    const { filling, stage } = one.stage;
    const reference = fillingReference(one);
    if (filling === undefined || reference === undefined) return;
    const folder = path.join(stageFolder(one, target), "filling");
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "Dockerfile"), filling.dockerfile);
    const what = `Filling cache mounts of stage ${stage.name} from its last image`;
    await run(what, fillingArguments(filling, reference, folder), one, target).catch(() =>
        one.print("They could not be filled; all is installed anew."),
    );
}

/** Builds and pushes a stage, and writes its proof at once, whether or not tests and images succeed. */
async function buildStage(one: Logged<MissingStage>, target: BuildTarget): Promise<void> {
    const { image, build, stage } = one;
    const what = `Building stage ${stage.stage.name} of ${image.plan.name} for ${build.architecture}`;
    const file = writeStageFiles(stageFolder(one, target), stage.stage);
    const args = [...stage.pushing, `--file=${file}`, ...stage.arguments];
    image.built[stageKey(build, stage)] = await run(what, args, one, target);
    await target.proofs.write(repositoryNameOf(image.plan.repositoryUrl), builtStage(one));
}

async function writeCaches(one: Logged<MissingStage>, target: BuildTarget): Promise<void> {
    const { image, build, stage } = one;
    if (image.built[stageKey(build, stage)] === undefined || stage.caching.length === 0) return;
    const file = writeStageFiles(stageFolder(one, target), stage.stage);
    const args = [...stage.caching, `--file=${file}`, ...stage.arguments];
    await run(`Writing the caches of stage ${stage.stage.name}`, args, one, target);
}

async function runTests(images: Logged<ImageState>[], target: BuildTarget): Promise<void> {
    if (images.length === 0) return;
    await inTurn(target.parallelBuilds, images, async (image) => {
        const { name, builds, tests } = image.plan;
        const output = `--output=type=local,dest=${testFolder(target.folder, name)}`;
        const stages = stageArguments({ image, build: builds[0]! });
        await run(`Testing ${name}`, [output, ...stages, ...tests!.arguments], image, target);
    });
    requirePassed(target.folder, target.log);
}

async function buildImage(one: Logged<MissingBuild>, target: BuildTarget): Promise<void> {
    const { image, build } = one;
    const what = `Building ${image.plan.name} for ${build.architecture}`;
    image.built[build.architecture] = await run(what, [...stageArguments(one), ...build.arguments], one, target);
}

async function joinPlatforms(images: ImageState[], buildx: Buildx): Promise<void> {
    for (const image of missingIndexes(images)) {
        const { repositoryUrl, tag, builds } = image.plan;
        await buildx.join(
            `${repositoryUrl}:${tag}`,
            builds.map((build) => platformImage({ image, build })),
        );
    }
}

/** Runs builds, and logs the ones that are built and the ones that failed. */
async function run(
    what: string,
    args: string[],
    { print }: Logged<unknown>,
    { buildx }: BuildTarget,
): Promise<BuiltImage> {
    print(what);
    try {
        return await buildx.build(args, print);
    } catch (error) {
        throw new Error(`${what} failed: ${(error as Error).message}`, { cause: error });
    }
}

/** Gives each build its part of the log: where there are several, each line starts with the build's label. */
function logged<One>(all: One[], label: (one: One) => string, { log }: BuildTarget): Logged<One>[] {
    return all.map((one) => ({
        ...one,
        print: (line: string) => log(all.length > 1 ? `${label(one)} | ${line}` : line),
    }));
}

function buildLabel({ image, build }: MissingBuild): string {
    return `${image.plan.name} ${build.architecture}`;
}

function stageLabel(one: MissingStage): string {
    return `${buildLabel(one)} ${one.stage.stage.name}`;
}

function stageFolder({ image, build, stage }: MissingStage, { folder }: BuildTarget): string {
    return path.join(folder, "stages", image.plan.name, stageKey(build, stage));
}
