import { createHash } from "node:crypto";
import { contextEntries, ignoreFile, readOwnFile } from "./buildContext";
import type { Compression } from "./compression";
import { addArguments, addCompression, addEntries, addField, fileDigest } from "./contentFields";

/** Everything that can change an image and is known before it is built. */
export interface ImageSource {
    /** Absolute path of the build context. */
    context: string;
    /** Absolute path of the Dockerfile; it may lie outside the context. */
    dockerfile: string;
    /** Stage to build. @default - the last stage of the Dockerfile */
    target?: string;
    /** Build arguments, the base registry among them. */
    buildArgs: Record<string, string>;
    /** Platforms such as `linux/amd64`; their order does not matter. */
    platforms: string[];
    /** Changed by hand when a base image must be picked up again although no file changed. */
    rebuildKey: string;
    /** Compression of its layers: an image for AWS Lambda must not be found by zstd. */
    compression: Compression;
}

/** Moves when the meaning of the hash changes, so that tags of two versions of this file never meet. */
const hashVersion = "3";

/**
 * The tag `src-<hash>` under which an image of this source is looked for before it is built.
 *
 * Two sources with the same tag give the same image as far as files, Dockerfile, arguments, target and platforms decide it;
 * file times, the umask of a checkout and extended attributes are left out. A different tag for the same image only costs a cached build, the other
 * way round would ship the wrong image: whatever is in doubt is part of the hash.
 */
export function contentTag(source: ImageSource): string {
    return new ContentTags().of(source);
}

/**
 * Content tags of several images, for the time in which no file changes: what they share is read once. The images of a monorepo
 * often have one context and a Dockerfile each.
 */
export class ContentTags {
    private readonly contexts = new Map<string, Buffer>();
    private readonly files = new Map<string, Buffer>();

    /** The tag of one image, the same as {@link contentTag} gives it. */
    of(source: ImageSource): string {
        const hash = createHash("sha256");
        addField(hash, "version", hashVersion);
        addField(hash, "dockerfile", readOwnFile(source.dockerfile));
        addField(hash, "target", source.target ?? "");
        addField(hash, "rebuild key", source.rebuildKey);
        for (const platform of [...source.platforms].sort()) addField(hash, "platform", platform);
        addArguments(hash, source.buildArgs);
        addCompression(hash, source.compression);
        addField(hash, "context", this.contextDigest(source));
        return `src-${hash.digest("hex").slice(0, 40)}`;
    }

    /** What is sent of a context depends on the ignore file, which a Dockerfile may have for itself. */
    private contextDigest({ context, dockerfile }: ImageSource): Buffer {
        const key = JSON.stringify([context, ignoreFile(context, dockerfile)]);
        return remembered(this.contexts, key, () => {
            const hash = createHash("sha256");
            addEntries(hash, contextEntries(context, dockerfile), (file) =>
                remembered(this.files, file, () => fileDigest(file)),
            );
            return hash.digest();
        });
    }
}

function remembered<T>(values: Map<string, T>, key: string, compute: () => T): T {
    const value = values.get(key) ?? compute();
    values.set(key, value);
    return value;
}
