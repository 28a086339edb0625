import * as fs from "node:fs";
import * as path from "node:path";

/** Layouts of several images' contexts on disk. */
export const layouts = {
    separate: "each image has a context of its own, 5 files of 2 KB",
    shared: "all images have one context of 500 files of 10 KB, and a Dockerfile each, as in a monorepo",
} as const;

/** One of {@link layouts}. */
export type Layout = keyof typeof layouts;

/** Files of a context besides Dockerfiles. */
const files = { separate: { count: 5, bytes: 2_000 }, shared: { count: 500, bytes: 10_000 } };

/** Image in the form of the setting `images`. */
export interface ImageSetting {
    name: string;
    context: string;
    dockerfile: string;
}

/**
 * Writes the sources of some images; each image is one file on an empty base, so a build costs next to nothing.
 *
 * @param folder an absolute path, whose content is replaced
 */
export function writeSources(folder: string, layout: Layout, count: number): ImageSetting[] {
    fs.rmSync(folder, { recursive: true, force: true });
    if (layout === "shared") writeContext(folder, layout);
    return Array.from({ length: count }, (_, index) => {
        const name = `image-${index + 1}`;
        const context = layout === "shared" ? folder : path.join(folder, name);
        if (layout === "separate") writeContext(context, layout);
        const dockerfile = path.join(context, `${name}.Dockerfile`);
        fs.writeFileSync(dockerfile, `FROM scratch\nLABEL name=${name}\nCOPY --link file-1 /file\n`);
        return { name, context, dockerfile };
    });
}

function writeContext(context: string, layout: Layout): void {
    fs.mkdirSync(context, { recursive: true });
    // The doctor's advice is not what is measured.
    fs.writeFileSync(path.join(context, ".dockerignore"), ".git\n");
    const { count, bytes } = files[layout];
    for (let index = 1; index <= count; index++) {
        fs.writeFileSync(
            path.join(context, `file-${index}`),
            `${path.basename(context)} ${index} `.repeat(bytes).slice(0, bytes),
        );
    }
}
