import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { BaseImageRepository } from "./baseImageReferences";
import { buildDefinition, imageOutput } from "./buildBaseImage";

/** What base images are made from. */
export interface BaseImageSources {
    /** Folder of the Go installation. */
    goRoot: string;
    /** Statically linked busybox executable. */
    busybox: string;
}

/**
 * @returns the tag `sha-<16 hex digits>` that stands for the content of a base image: it moves when the Dockerfile, the way of
 *     building, the processor architecture, the busybox or (for golang) the Go release changes
 * @throws when a source file cannot be read
 */
export async function contentTag(repository: BaseImageRepository, sources: BaseImageSources): Promise<string> {
    const files = [buildDefinition, `${buildDefinition}.dockerignore`, sources.busybox];
    if (repository === "golang") files.push(path.join(sources.goRoot, "VERSION"));
    const hash = createHash("sha256").update(JSON.stringify([repository, process.arch, imageOutput(repository)]));
    for (const file of files) {
        const content = await fs.readFile(file);
        hash.update(`${content.length}\n`).update(content);
    }
    return `sha-${hash.digest("hex").slice(0, 16)}`;
}
