import * as path from "node:path";
import { writeStageFiles } from "../../image/pinned";
import { cacheArguments } from "./buildArguments";
import type { PlatformBuild } from "./plan";
import type { PinnedBuild } from "./planPinnedStages";
import type { WorkFiles } from "./workFiles";

/** The pinned stages of one platform of an image in the work folder. */
export class PinnedFiles {
    /**
     * @param folder the platform's folder below the work folder
     * @param repositoryUrl address of the image's repository
     * @param foundDigest digest of the image of a tag that the lookup found
     */
    constructor(
        private readonly files: WorkFiles,
        private readonly folder: string,
        private readonly repositoryUrl: string,
        private readonly foundDigest: (tag: string) => string | undefined,
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

    /** The stages that the repository does not have. */
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

    private isBuilt(one: PinnedBuild): boolean {
        return this.files.isBuilt(this.folderOf(one));
    }

    private folderOf({ stage }: PinnedBuild): string {
        return path.join(this.folder, "pinned", stage.name);
    }
}
