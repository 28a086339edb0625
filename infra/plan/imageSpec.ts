import * as z from "zod";
import { CacheMode } from "./cachePolicy";
import { Compression } from "./compression";
import { Platform } from "./platform";

/**
 * Settings of an image: the only list of them. A new setting is declared here, described in Pulumi.yaml, and read where it acts. Paths are
 * relative to the root of the source.
 */
export interface ImageSettings {
    /** Name of the image, unique within the pipeline: 1 to 31 lower-case letters, digits and `-`. */
    name: string;
    /** Folder of the build context. @default - the folder of the image's name */
    context?: string;
    /** Path of the Dockerfile; it may lie outside the context. @default - `Dockerfile` in the context */
    dockerfile?: string;
    /** Stage to build. @default - the last one */
    target?: string;
    /** Stage that consists of test results in JUnit XML; CodeBuild builds it first. @default - no tests */
    testTarget?: string;
    /** Build arguments besides BASE_REGISTRY; they are visible in the image and in the state, so they hold no secrets. @default - none */
    buildArgs?: Record<string, string>;
    /** Platforms to build for; more than one are joined by an index. @default linux/amd64 */
    platforms?: Platform[];
    /** Compression of the layers: `gzip` for AWS Lambda and for Docker before 23, `zstd` for all others. @default zstd */
    compression?: Compression;
    /**
     * Stages whose results are kept in the registry as images. Each result is tagged with a hash of everything that can change it: a code
     * change reads and writes nothing of it. In the settings of the program, a plain name stands for `{ name }`.
     *
     * @default - none
     */
    pinnedStages?: PinnedStageSpec[];
}

/** Stage whose result is kept in the registry as an image. */
export interface PinnedStageSpec {
    /** Name of the stage, in lower case. */
    name: string;
    /**
     * Absolute paths of folders with installed packages, one entry for each package: `/srv/packages`, `/app/node_modules`. Their entries
     * are spread over 24 layers by name and size, so that a changed package moves its own layer only. Times of all files are set to a
     * constant.
     *
     * @default - the layers are those of the stage's instructions
     */
    layers?: string[];
}

/**
 * Image to build, with the defaults of its settings filled in. The configuration, `pulumi up`, CodeBuild and the content tag take it whole.
 * (Pulumi's analyzer of components reads no mapped types such as `Required`, so settings with a default stand here again.)
 */
export interface ImageSpec extends ImageSettings {
    context: string;
    dockerfile: string;
    platforms: Platform[];
    compression: Compression;
}

/** Settings of the policy for building the images of a stack: the only list of them. */
export interface BuildPolicySettings {
    /** Registry and prefix of the base images; the build argument BASE_REGISTRY. @default public.ecr.aws/docker/library */
    baseRegistry?: string;
    /** Branch that is built by default, and whose cache `pulumi up` writes. @default main */
    branch?: string;
    /** Branch whose cache is the fallback of all others. @default main */
    defaultBranch?: string;
    /** Stages that the caches keep. @default max */
    cacheMode?: CacheMode;
    /** Text that a user changes to pick up changed base images. @default - none */
    rebuildKey?: string;
    /** Limit of builds that run at once, in an update and in a build of CodeBuild. @default - as many as the engine starts; 4 in CodeBuild */
    parallelBuilds?: number;
}

/** Policy for building the images of a stack, with the defaults of the settings filled in. */
export interface BuildPolicy extends BuildPolicySettings {
    baseRegistry: string;
    branch: string;
    defaultBranch: string;
    cacheMode: CacheMode;
}

const stageName = z.string().min(1, "a stage of the Dockerfile");

const folder = z
    .string()
    .regex(/^(\/(?!\.{1,2}(\/|$))[^/\n]+)+$/, "the absolute path of a folder in the stage's image");

/** Schema of a {@link PinnedStageSpec}. */
export const pinnedStage = z.strictObject({
    name: z.string().regex(/^[a-z][a-z0-9._-]{0,120}$/, "the name of a stage in lower case"),
    layers: z.array(folder).min(1, "at least one folder").refine(areDifferent, "each folder once").optional(),
});

function areDifferent(values: string[]): boolean {
    return new Set(values).size === values.length;
}

/** Schema of an {@link ImageSpec}, for the configuration and for the object that CodeBuild reads. */
export const imageSpec = z.object({
    name: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,30}$/, "1 to 31 lower-case letters, digits and -, beginning with a letter")
        // Its output imageTag would be the variable IMAGE_TAG_PARAMETER of deployEnv, which the first image has already.
        .refine((name) => name !== "parameter", "another name; parameter is taken"),
    context: z.string().min(1, "a folder, relative to Pulumi.yaml"),
    dockerfile: z.string().min(1, "a file, relative to Pulumi.yaml"),
    target: stageName.optional(),
    testTarget: stageName.optional(),
    buildArgs: z
        .record(z.string(), z.string(), "texts by the names of build arguments")
        .refine((values) => !("BASE_REGISTRY" in values), "arguments besides BASE_REGISTRY, which baseRegistry sets")
        .optional(),
    platforms: z.array(z.enum(Platform)).min(1, "at least one platform").refine(areDifferent, "each platform once"),
    compression: z.enum(Compression),
    pinnedStages: z
        .array(z.preprocess((value) => (typeof value === "string" ? { name: value } : value), pinnedStage))
        .refine((values) => areDifferent(values.map(({ name }) => name)), "each stage once")
        .optional(),
}) satisfies z.ZodType<ImageSpec>;

const branchName = z.string().min(1, "the name of a branch");

/** Schema of a {@link BuildPolicy}, for the configuration and for the object that CodeBuild reads. */
export const buildPolicy = z.object({
    baseRegistry: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]*(:[0-9]+)?(\/[a-z0-9._-]+)*$/, "a registry host and a prefix, without a scheme"),
    branch: branchName,
    defaultBranch: branchName,
    cacheMode: z.enum(CacheMode),
    rebuildKey: z.string().optional(),
    parallelBuilds: z.int("a whole number from 1 to 1000").min(1, "1 to 1000").max(1000, "1 to 1000").optional(),
}) satisfies z.ZodType<BuildPolicy>;
