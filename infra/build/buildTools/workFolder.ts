import * as path from "node:path";
import type { NewTag } from "./awsCalls";
import { FoundFiles } from "./foundFiles";
import { isThere } from "./foundImage";
import { tagOf } from "./lookup";
import type { ImagePlan, PlatformBuild } from "./plan";
import { PinnedFiles } from "./pinnedFiles";
import type { Digests } from "./proofs";
import type { ImageResult, Mark } from "./results";
import { WorkFiles } from "./workFiles";

/**
 * The folder through which the buildspec's commands and these tools hand over to each other. Lists are files of lines with
 * fields between tabs, which bash reads as they are; arguments end in a zero byte each.
 */
export class WorkFolder {
    private readonly files: WorkFiles;
    /** What lookups found. */
    readonly found: FoundFiles;

    constructor(folder: string) {
        this.files = new WorkFiles(folder);
        this.found = new FoundFiles(this.files);
    }

    /** Writes the plan, and the arguments of each build. */
    writePlan(images: ImagePlan[]): void {
        this.files.write("plan.json", JSON.stringify(images));
        for (const image of images) {
            for (const build of image.builds) {
                const folder = buildFolder(image, build);
                this.files.makeFolder(folder);
                this.files.writeArguments(path.join(folder, "arguments"), build.arguments);
                this.pinnedFiles(image, build).write(build);
            }
            if (image.tests !== undefined) {
                this.files.makeFolder(testFolder(image));
                this.files.writeArguments(path.join(testFolder(image), "arguments"), image.tests.arguments);
            }
        }
    }

    /** The plan that was written. */
    plan(): ImagePlan[] {
        return JSON.parse(this.files.read("plan.json")) as ImagePlan[];
    }

    /**
     * Writes which platforms of which images have to be built and tested, the pinned stages that have to be built before, which images are joined from
     * several platforms. A platform that another build has pushed already is only joined with the others.
     *
     * @returns the registries to log in to; none when there is nothing to do
     */
    writeBuilds(missing: ImagePlan[]): string[] {
        const missingBuilds = (image: ImagePlan) =>
            image.builds.filter((build) => this.found.platform(image, build) === undefined);
        const builds = missing.flatMap((image) => missingBuilds(image).map((build) => ({ image, build })));
        for (const { image, build } of builds) this.pinnedFiles(image, build).writeFillings(build);
        const touched = missing.filter((image) => missingBuilds(image).length > 0 || isJoinedHere(image));
        this.files.writeLines(
            "builds",
            builds.map(({ image, build }) => [image.name, build.architecture, buildFolder(image, build)]),
        );
        this.files.writeLines(
            "pinned",
            builds.flatMap(({ image, build }) =>
                this.pinnedFiles(image, build)
                    .toBuild(build)
                    .map(({ name, folder }) => [image.name, build.architecture, name, folder]),
            ),
        );
        this.files.writeLines(
            "tests-to-run",
            missing
                .filter((image) => image.tests !== undefined && missingBuilds(image).length > 0)
                .map((image) => [image.name, testFolder(image)]),
        );
        this.files.writeLines(
            "joins",
            missing.filter(isJoinedHere).map(({ name }) => [name]),
        );
        this.writeContexts();
        return [...new Set(touched.map(({ repositoryUrl }) => registryOf(repositoryUrl)))];
    }

    /** The caches that the builds read, and whether they are there. */
    caches(missing: ImagePlan[]): { reference: string; isThere: boolean }[] {
        const caches = missing.flatMap((image) => {
            const answer = this.found.answer(image);
            const references = image.builds.flatMap((build) => {
                const pinned = this.pinnedFiles(image, build).missing(build);
                return [build.caches, ...pinned.map((one) => one.caches)].flat();
            });
            return references.map((reference) => ({ reference, isThere: isThere(answer, tagOf(reference)) }));
        });
        return [...new Map(caches.map((cache) => [cache.reference, cache])).values()];
    }

    /** Adds to the arguments of builds and tests what takes the place of the pinned stages. */
    writeContexts(): void {
        for (const image of this.plan()) {
            for (const [index, build] of image.builds.entries()) {
                const contexts = this.pinnedFiles(image, build).arguments(build);
                const write = (folder: string, values: string[]) =>
                    this.files.writeArguments(path.join(folder, "arguments"), [...contexts, ...values]);
                write(buildFolder(image, build), build.arguments);
                // Tests run for the first platform.
                if (index === 0 && image.tests !== undefined) write(testFolder(image), image.tests.arguments);
            }
        }
    }

    /** Writes which pushed images of single platforms an index has to join, under which name. */
    writeIndexes(): void {
        const missing = this.plan().filter((image) => isJoinedHere(image) && this.found.image(image) === undefined);
        const rows = missing.map((image) => [
            `${image.repositoryUrl}:${image.tag}`,
            ...image.builds.map((build) => `${image.repositoryUrl}@${this.buildDigest(image, build)}`),
        ]);
        this.files.writeLines("indexes", rows);
    }

    /** Tags of pinned stages that are still to be given. */
    lastStageTags(): NewTag[] {
        return this.plan().flatMap((image) =>
            image.builds.flatMap((build) => this.pinnedFiles(image, build).lastTags(build)),
        );
    }

    /** Reads the digests of the pinned stages of an image that this build made. */
    builtStages(image: ImagePlan): Digests {
        return Object.fromEntries(image.builds.flatMap((build) => this.pinnedFiles(image, build).builtDigests(build)));
    }

    /** Reads the digests of the platforms of an image that this build made and pushed. */
    builtPlatforms(image: ImagePlan): Digests {
        const built = image.builds.filter(
            (build) => build.pushed !== undefined && this.files.isBuilt(buildFolder(image, build)),
        );
        return Object.fromEntries(built.map((build) => [build.tag, this.files.builtDigest(buildFolder(image, build))]));
    }

    /** Lists the tags of the platforms that this build joined to an image. @returns undefined where it joined none */
    joinedPlatforms(image: ImagePlan): string[] | undefined {
        return isJoinedHere(image) ? image.builds.map(({ tag }) => tag) : undefined;
    }

    /**
     * What became of the images, out of what builds and lookups left behind.
     *
     * @throws Error for an image that was pushed and is not there
     */
    results(): ImageResult[] {
        return this.plan().map((image) => {
            const digest = this.found.image(image)?.digest;
            const pushed = image.builds.filter((build) => build.pushed !== undefined);
            const missing = image.isJoinedElsewhere
                ? pushed.find((build) => this.found.platform(image, build) === undefined)?.tag
                : pushed.length > 0 && image.tag;
            if (digest === undefined && missing) {
                throw new Error(`Image ${image.name} was pushed, but ECR does not have ${missing}.`);
            }
            const folders = image.builds.flatMap((build) => [
                ...this.pinnedFiles(image, build).built(build),
                ...(this.files.isBuilt(buildFolder(image, build)) ? [buildFolder(image, build)] : []),
            ]);
            return {
                name: image.name,
                repositoryUrl: image.repositoryUrl,
                tag: image.tag,
                digest,
                builds: folders.map((folder) => this.files.summary(folder)),
            };
        });
    }

    /** Writes the exported variables' values, a line each. */
    writeExports(values: string[]): void {
        this.files.writeLines(
            "exports",
            values.map((value) => [value]),
        );
    }

    /** The begins of the phases, which the buildspec notes as lines of a name and a time. */
    marks(): Mark[] {
        return this.files
            .read("marks")
            .trimEnd()
            .split("\n")
            .map((line) => {
                const [phase = "", time] = line.split("\t");
                return { phase, time: Number(time) };
            });
    }

    /** Digest of a platform's image, whether this build made it or an earlier one. */
    private buildDigest(image: ImagePlan, build: PlatformBuild): string {
        const folder = buildFolder(image, build);
        return this.files.isBuilt(folder) ? this.files.builtDigest(folder) : this.found.platform(image, build)!.digest;
    }

    private pinnedFiles(image: ImagePlan, build: PlatformBuild): PinnedFiles {
        return new PinnedFiles(
            this.files,
            buildFolder(image, build),
            image.repositoryUrl,
            () => this.found.answer(image),
            (tag) => this.found.built(image, tag),
        );
    }
}

function buildFolder(image: ImagePlan, build: PlatformBuild): string {
    return path.join("images", image.name, build.architecture);
}

function testFolder({ name }: ImagePlan): string {
    return path.join("images", name, "tests");
}

/** Whether this build makes the index of an image, from what it or others pushed. */
function isJoinedHere({ builds, isJoinedElsewhere }: ImagePlan): boolean {
    return !isJoinedElsewhere && builds.length > 1 && builds.every(({ pushed }) => pushed !== undefined);
}

function registryOf(repositoryUrl: string): string {
    return repositoryUrl.slice(0, repositoryUrl.indexOf("/"));
}
