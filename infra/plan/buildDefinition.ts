import * as z from "zod";
import { type BuildPolicy, buildPolicy, type ImageSpec, imageSpec } from "./imageSpec";

/** Image that CodeBuild builds. */
export interface RepositoryImage extends ImageSpec {
    /** Address of the image's repository. */
    repositoryUrl: string;
}

/** Object that IMAGES_KEY names: everything that builds of a CodeBuild project know about the images. */
export interface BuildDefinition {
    policy: BuildPolicy;
    images: RepositoryImage[];
}

const buildDefinition = z.object({
    policy: buildPolicy,
    images: z.array(imageSpec.extend({ repositoryUrl: z.string() })),
}) satisfies z.ZodType<BuildDefinition>;

/** Renders a definition with its declared fields only; further fields of images and policy are left out. */
export function writeDefinition(definition: BuildDefinition): string {
    return JSON.stringify(buildDefinition.parse(definition));
}

/** Parses a definition. @throws Error that names each fault */
export function readDefinition(text: string): BuildDefinition {
    const { success, data, error } = buildDefinition.safeParse(JSON.parse(text));
    if (success) return data;
    throw new Error(
        `The definition of the images does not fit the build tools; run \`pulumi up\`: ${z.prettifyError(error)}`,
    );
}
