import * as path from "node:path";
import { writeStageFiles } from "../../image/pinned";
import { cacheArguments } from "./buildArguments";
import { type BatchGetImageAnswer, type FoundImage, isThere } from "./foundImage";
import type { NewTag } from "./awsCalls";
import { newTag, tagOf } from "./lookup";
import type { PlatformBuild } from "./plan";
import { fillingArguments, type PinnedBuild } from "./planPinnedStages";
import type { WorkFiles } from "./workFiles";

/** The pinned stages of one platform of an image in the work folder. */
export class PinnedFiles {
    /**
     * @param folder the platform's folder below the work folder
     * @param repositoryUrl address of the image's repository
     * @param answer what the lookup of the image answered, once it is known
     * @param found what of it this project built under a tag
     */
    constructor(
        private readonly files: WorkFiles,
        private readonly folder: string,
        private readonly repositoryUrl: string,
        private readonly answer: () => BatchGetImageAnswer,
        private readonly found: (tag: string) => FoundImage | undefined,
    ) {}

    /** Writes the Dockerfile and the arguments of each stage. */
    write({ pinned }: PlatformBuild): void {
        for (const one of pinned) {
            const file = writeStageFiles(path.join(this.files.folder, this.folderOf(one)), one.stage);
            const write = (name: string, values: string[]) =>
                this.files.writeArguments(path.join(this.folderOf(one), name), values);
            write("arguments", [`--file=${file}`, ...one.arguments]);
            write("pushing", one.pushing);
            write("caching", one.caching);
        }
    }

    /** Writes the builds that fill cache mounts of stages which are missing, where this project built an image to fill them from. */
    writeFillings(build: PlatformBuild): void {
        for (const one of this.missing(build)) {
            const { pushed, filling } = one;
            const last = filling?.from.map((name) => this.found(tagOf(name))).find((found) => found !== undefined);
            if (pushed === undefined || filling === undefined || last === undefined) continue;
            const reference = `${this.repositoryUrl}@${last.digest}`;
            const folder = path.join(this.folderOf(one), "filling");
            this.files.makeFolder(folder);
            this.files.write(path.join(folder, "Dockerfile"), filling.dockerfile);
            const args = fillingArguments(filling, reference, path.join(this.files.folder, folder));
            this.files.writeArguments(path.join(folder, "arguments"), args);
        }
    }

    /** Tags by which stages that were found will be what the next one is filled from: one that `pulumi up` built, or an older one again. */
    lastTags({ pinned }: PlatformBuild): NewTag[] {
        return pinned.flatMap(({ stage, filling }) => {
            const found = this.found(stage.tag);
            if (found === undefined || filling?.to === undefined) return [];
            const tag = tagOf(filling.to);
            const last = this.answer().images?.find(({ imageId }) => imageId?.imageTag === tag)?.imageId?.imageDigest;
            // An image that was asked for by two tags may have come with the other one.
            if (isThere(this.answer(), tag) && (last ?? found.digest) === found.digest) return [];
            return [newTag(this.repositoryUrl, tag, found)];
        });
    }

    /** The stages that the repository does not have, or not from this project. */
    missing({ pinned }: PlatformBuild): PinnedBuild[] {
        return pinned.filter(({ stage }) => this.foundDigest(stage.tag) === undefined);
    }

    /** The stages that have to be built before the image, each with its folder. */
    toBuild(build: PlatformBuild): { name: string; folder: string }[] {
        return this.missing(build)
            .filter(({ pushed }) => pushed !== undefined)
            .map((one) => ({ name: one.stage.name, folder: this.folderOf(one) }));
    }

    /**
     * What the image's build is given for its stages, found or built: the images that take their place. A stage that is not there
     * and was not built, as for a pull request, is made by the image's build, out of the stage's caches.
     */
    arguments({ pinned }: PlatformBuild): string[] {
        return pinned.flatMap((one) => {
            const digest = this.isBuilt(one)
                ? this.files.builtDigest(this.folderOf(one))
                : this.foundDigest(one.stage.tag);
            if (digest === undefined) return cacheArguments(one.caches);
            return [`--build-context=${one.stage.name}=docker-image://${this.repositoryUrl}@${digest}`];
        });
    }

    /** Folders of the stages that were built. */
    built({ pinned }: PlatformBuild): string[] {
        return pinned.filter((one) => this.isBuilt(one)).map((one) => this.folderOf(one));
    }

    /** Lists the tags by which stages that were built are found, with their digests. */
    builtDigests({ pinned }: PlatformBuild): [tag: string, digest: string][] {
        return pinned
            .filter((one) => this.isBuilt(one))
            .flatMap((one) => {
                const digest = this.files.builtDigest(this.folderOf(one));
                const next = one.filling?.to === undefined ? [] : [tagOf(one.filling.to)];
                return [one.stage.tag, ...next].map((tag): [string, string] => [tag, digest]);
            });
    }

    private foundDigest(tag: string): string | undefined {
        return this.found(tag)?.digest;
    }

    private isBuilt(one: PinnedBuild): boolean {
        return this.files.isBuilt(this.folderOf(one));
    }

    private folderOf({ stage }: PinnedBuild): string {
        return path.join(this.folder, "pinned", stage.name);
    }
}
