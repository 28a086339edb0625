import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { buildProjectName, type StackNames } from "../codebuild/projectNames";
import { imageDefaults, withDefaults } from "../plan/defaults";
import type { ImageSpec } from "../plan/imageSpec";
import type { PipelineImage } from "./imagePipelineArgs";

/** An image with every default filled in. Its paths are relative to the root of the source. */
export interface ResolvedImage extends ImageSpec {
    /** Name of its ECR repository. */
    repositoryName: string;
    /** Promoted image that is taken instead of building one. @default - built */
    digest?: pulumi.Input<string>;
}

/** The place of images: the stack that they belong to, and their source. */
export interface ImagePlace extends StackNames {
    /** Absolute path of the root of the source. */
    sourceRoot: string;
    /** ECR repository of the first image. @default `<application>-<environment>` in lower case */
    repositoryName?: string;
}

/** Fills in the defaults of images. Images that have them already stay as they are. */
export function resolveImages(images: PipelineImage[], place: ImagePlace): ResolvedImage[] {
    const { sourceRoot, repositoryName = buildProjectName(place).toLowerCase() } = place;
    return images.map((image, index) => {
        const context = image.context ?? image.name;
        return {
            ...withDefaults(image, imageDefaults),
            context: inSource(sourceRoot, context),
            dockerfile: inSource(sourceRoot, image.dockerfile ?? path.join(context, "Dockerfile")),
            // The first image keeps its repository when others join it.
            repositoryName: image.repositoryName ?? (index === 0 ? repositoryName : `${repositoryName}/${image.name}`),
        };
    });
}

/** Names a path from the root of the source, as {@link ImageSpec} has it. */
function inSource(sourceRoot: string, location: string): string {
    return path.relative(sourceRoot, path.resolve(sourceRoot, location)).split(path.sep).join("/") || ".";
}
