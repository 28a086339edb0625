import * as path from "node:path";
import { type BatchGetImageAnswer, type FoundImage, foundImage } from "./foundImage";
import type { ImagePlan, PlatformBuild } from "./plan";
import type { WorkFiles } from "./workFiles";

/** What lookups of images found, in the work folder. */
export class FoundFiles {
    constructor(private readonly files: WorkFiles) {}

    /** Keeps what the lookup of an image answered. */
    write({ name }: ImagePlan, { images = [], failures = [] }: BatchGetImageAnswer): void {
        this.files.makeFolder("found");
        this.files.write(path.join("found", `${name}.json`), JSON.stringify({ images, failures }));
    }

    /** What the lookup of an image answered. */
    answer({ name }: ImagePlan): BatchGetImageAnswer {
        return JSON.parse(this.files.read(path.join("found", `${name}.json`))) as BatchGetImageAnswer;
    }

    /** The image, with all its platforms. @returns undefined where there is none */
    image(image: ImagePlan): FoundImage | undefined {
        return foundImage(this.answer(image), image.tag, image.commitTag);
    }

    /** One platform of an image. @returns undefined where there is none */
    platform(image: ImagePlan, { tag }: PlatformBuild): FoundImage | undefined {
        return foundImage(this.answer(image), tag, image.commitTag);
    }
}
