import * as path from "node:path";
import { type BatchGetImageAnswer, type FoundImage, foundImage } from "./foundImage";
import type { ImagePlan, PlatformBuild } from "./plan";
import type { Digests } from "./proofs";
import type { WorkFiles } from "./workFiles";

/** What the lookup of an image found. */
interface Found {
    answer: BatchGetImageAnswer;
    digests: Digests;
}

/** What lookups of images found, in the work folder. */
export class FoundFiles {
    constructor(private readonly files: WorkFiles) {}

    /** Keeps what the lookup of an image answered, and what of it this project built. */
    write({ name }: ImagePlan, { images = [], failures = [] }: BatchGetImageAnswer, digests: Digests): void {
        this.files.makeFolder("found");
        this.files.write(fileOf(name), JSON.stringify({ answer: { images, failures }, digests } satisfies Found));
    }

    /** What the lookup of an image answered. */
    answer(image: ImagePlan): BatchGetImageAnswer {
        return this.read(image).answer;
    }

    /** Digests of what this project built of an image: of itself, its platforms and its pinned stages. */
    digests(image: ImagePlan): Digests {
        return this.read(image).digests;
    }

    /** The image, with all its platforms. @returns undefined where this project built none */
    image(image: ImagePlan): FoundImage | undefined {
        return this.built(image, image.tag);
    }

    /** One platform of an image. @returns undefined where this project built none */
    platform(image: ImagePlan, { tag }: PlatformBuild): FoundImage | undefined {
        return this.built(image, tag);
    }

    /** Finds what this project built under a content tag of an image. @returns undefined where that is nothing */
    built(image: ImagePlan, tag: string): FoundImage | undefined {
        const { answer, digests } = this.read(image);
        const digest = digests[tag];
        return digest === undefined ? undefined : foundImage(answer, digest, image.commitTag);
    }

    private read({ name }: ImagePlan): Found {
        return JSON.parse(this.files.read(fileOf(name))) as Found;
    }
}

function fileOf(name: string): string {
    return path.join("found", `${name}.json`);
}
