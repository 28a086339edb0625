import * as fs from "node:fs";
import * as path from "node:path";
import { linkOutOfSource } from "../plan/sourceFolders";
import type { ResolvedImage } from "./resolveImages";

/** Looks for files of an image that are missing or outside of the source. @returns a sentence that begins with the argument, or nothing */
export function sourceProblems(image: ResolvedImage, index: number, sourceRoot: string): string[] {
    const problem = (field: "context" | "dockerfile", allowed: string) => [
        `images[${index}].${field} is "${image[field]}"; allowed: ${allowed}`,
    ];
    const [context, dockerfile] = [path.resolve(sourceRoot, image.context), path.resolve(sourceRoot, image.dockerfile)];
    if (!fs.statSync(context, { throwIfNoEntry: false })?.isDirectory()) {
        return problem("context", "a folder that exists");
    }
    if (!fs.statSync(dockerfile, { throwIfNoEntry: false })?.isFile()) {
        return problem("dockerfile", "a Dockerfile that exists");
    }
    const link = linkOutOfSource(sourceRoot, context, dockerfile);
    if (link === undefined) return [];
    return problem(
        link === dockerfile ? "dockerfile" : "context",
        `what lies in the source; ${path.relative(sourceRoot, link)} is a symbolic link that leads out of it`,
    );
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
