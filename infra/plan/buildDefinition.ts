import * as z from "zod";
import { type BuildPolicy, buildPolicy, type ImageSpec, imageSpec } from "./imageSpec";

/** An image that CodeBuild builds. */
export interface RepositoryImage extends ImageSpec {
    /** Address of its repository. */
    repositoryUrl: string;
}

/** All that builds of a CodeBuild project are told of the images: the object that IMAGES_KEY names. */
export interface BuildDefinition {
    policy: BuildPolicy;
    images: RepositoryImage[];
}

const buildDefinition = z.object({
    policy: buildPolicy,
    images: z.array(imageSpec.extend({ repositoryUrl: z.string() })),
}) satisfies z.ZodType<BuildDefinition>;

/** Writes a definition, without what images and policy have besides. */
export function writeDefinition(definition: BuildDefinition): string {
    return JSON.stringify(buildDefinition.parse(definition));
}

/** Reads a definition. @throws Error that says what is wrong with it */
export function readDefinition(text: string): BuildDefinition {
    const { success, data, error } = buildDefinition.safeParse(JSON.parse(text));
    if (success) return data;
    throw new Error(
        `The definition of the images does not fit the build tools; run \`pulumi up\`: ${z.prettifyError(error)}`,
    );
}
