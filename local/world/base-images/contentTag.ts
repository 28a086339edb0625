import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Toolchain } from "../toolchain";
import type { BaseImageRepository } from "./baseImageReferences";
import { buildDefinition, imageOutput } from "./buildBaseImage";

/** Sources of base images: the Go installation, and a statically linked busybox. */
export type BaseImageSources = Pick<Toolchain, "goRoot" | "busybox">;

/**
 * Makes the tag `sha-<16 hex digits>` of a base image's content. It changes with the Dockerfile, the way of building, the processor
 * architecture, the busybox or (for golang) the Go release.
 *
 * @throws Error when a source file cannot be read
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
