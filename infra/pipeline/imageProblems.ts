import * as path from "node:path";
import { sourceFault } from "../plan/sourceFolders";
import type { ResolvedImage } from "./resolveImages";

/** Words for the file that a setting has to name. */
const existing = { context: "a folder that exists", dockerfile: "a Dockerfile that exists" };

/** Looks for files of an image that are missing or outside of the source. @returns a sentence that begins with the argument, or nothing */
export function sourceProblems(image: ResolvedImage, index: number, sourceRoot: string): string[] {
    const { context, dockerfile } = image;
    const fault = sourceFault(sourceRoot, path.resolve(sourceRoot, context), path.resolve(sourceRoot, dockerfile));
    if (fault === undefined) return [];
    const { field, link } = fault;
    const allowed =
        link === undefined
            ? existing[field]
            : `what lies in the source; ${path.relative(sourceRoot, link)} is a symbolic link that leads out of it`;
    return [`images[${index}].${field} is "${image[field]}"; allowed: ${allowed}`];
}

/** Finds names that several images have. @returns one sentence for each, beginning with the argument */
export function duplicateProblems(images: ResolvedImage[]): string[] {
    return (["name", "repositoryName"] as const).flatMap((field) => {
        const values = images.map((image) => image[field]);
        return values.flatMap((value, index) =>
            values.indexOf(value) < index
                ? [`images[${index}].${field} is "${value}"; allowed: one that no other image has`]
                : [],
        );
    });
}
