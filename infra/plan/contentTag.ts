import { createHash } from "node:crypto";
import { contextEntries, ignoreFile, readOwnFile } from "./buildContext";
import type { Compression } from "./compression";
import { addArguments, addCompression, addEntries, addField, fileDigest } from "./contentFields";

/** Source of an image: everything that can change it and is known before the build. */
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
    /** Text that a user changes to pick up a changed base image although no file changed. */
    rebuildKey: string;
    /** Compression of the layers; a lookup for AWS Lambda must not find a zstd image. */
    compression: Compression;
}

/** Version of the hash; it changes with the meaning of the hash, so that tags of two versions of this file never meet. */
const hashVersion = "3";

/**
 * Makes the tag `src-<hash>`; a build looks for an image of this source by it first.
 *
 * Two sources with the same tag give the same image as far as files, Dockerfile, arguments, target and platforms decide. File times, the
 * umask of a checkout and extended attributes are left out. A different tag for the same image only costs a cached build; one tag for
 * different images would ship the wrong image. So every doubtful input is part of the hash.
 */
export function contentTag(source: ImageSource): string {
    return new ContentTags().of(source);
}

/**
 * Content tags of several images while no file changes: shared files are read once. The images of a monorepo often have one context and a
 * Dockerfile each.
 */
export class ContentTags {
    private readonly contexts = new Map<string, Buffer>();
    private readonly files = new Map<string, Buffer>();

    /** Makes the tag of one image, equal to that of {@link contentTag}. */
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

    /** Computes the digest of a context's files. The list of files depends on the ignore file, and a Dockerfile may have its own. */
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
