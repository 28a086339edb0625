import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { contextEntries } from "./buildContext";
import { addArguments, addEntries, addField } from "./contentFields";

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
}

/** Moves when the meaning of the hash changes, so that tags of two versions of this file never meet. */
const hashVersion = "1";

/**
 * The tag `src-<hash>` under which an image of this source is looked for before it is built.
 *
 * Two sources with the same tag give the same image as far as files, Dockerfile, arguments, target and platforms decide it;
 * file times and the umask of a checkout are left out. A different tag for the same image only costs a cached build, the other
 * way round would ship the wrong image: whatever is in doubt is part of the hash.
 */
export function contentTag(source: ImageSource): string {
    return `src-${contentHash(source)}`;
}

function contentHash(source: ImageSource): string {
    const hash = createHash("sha256");
    addField(hash, "version", hashVersion);
    addField(hash, "dockerfile", fs.readFileSync(source.dockerfile));
    addField(hash, "target", source.target ?? "");
    addField(hash, "rebuild key", source.rebuildKey);
    for (const platform of [...source.platforms].sort()) addField(hash, "platform", platform);
    addArguments(hash, source.buildArgs);
    addEntries(hash, contextEntries(source.context, source.dockerfile));
    return hash.digest("hex").slice(0, 40);
}
