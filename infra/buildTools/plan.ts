import * as path from "node:path";
import type { RepositoryImage } from "../plan/buildDefinition";
import { type BuildInput, cachesOf, sourceOf } from "../plan/buildInput";
import { ContentTags } from "../plan/contentTag";
import { DockerfileError } from "../plan/dockerfile/dockerfile";
import { architecture, type Platform, platformTag } from "../plan/platform";
import { bareRepository, sourceFault } from "../plan/sourceFolders";
import { buildArguments, pushArguments } from "./buildArguments";
import { inputOf, type PlanInput } from "./planInput";
import { type PinnedBuild, planPinnedStages } from "./planPinnedStages";

/** Build of one platform of an image. */
export interface PlatformBuild {
    /** `amd64`, `arm64`. */
    architecture: string;
    /** Tag of this platform's image; an image for one platform uses its own tag. */
    tag: string;
    /** `repository:tag` that is pushed. @default - nothing is pushed */
    pushed?: string;
    /** References of the caches to read. */
    caches: string[];
    /** Arguments of `docker buildx build`, the context last. */
    arguments: string[];
    /** Pinned stages whose place images take. */
    pinned: PinnedBuild[];
}

/** Plan of one image. */
export interface ImagePlan {
    name: string;
    repositoryUrl: string;
    /** Content tag `src-<hash>`, for the lookup and the push. */
    tag: string;
    /** Further tag `git-<commit>`; the first build of a commit wins. @default - none */
    commitTag?: string;
    /** Builds of the image, one for each platform. */
    builds: PlatformBuild[];
    /** Whether another build of the batch joins the platforms. */
    isJoinedElsewhere: boolean;
    /** Build of the test results. @default - the image has no tests */
    tests?: TestBuild;
}

/** Build of an image's test results. */
export interface TestBuild {
    /** Whether another build of the batch, the one of the image's first platform, runs the tests. */
    isElsewhere: boolean;
    /** Arguments of `docker buildx build`, the context last and without the output. */
    arguments: string[];
}

/**
 * Plans the images by the same code as `pulumi up`. Tags, caches and arguments agree, so each finds the images of the other.
 *
 * @throws Error for an image whose context or Dockerfile is not in the source or leads out of it, whose context git would take for
 * a repository, or with a stage that cannot be pinned
 */
export function planImages(input: PlanInput): ImagePlan[] {
    const tags = new ContentTags();
    return input.images.map((image) => {
        try {
            return planImage(input, image, tags);
        } catch (error) {
            if (!(error instanceof DockerfileError)) throw error;
            throw new Error(`${image.dockerfile} of image ${image.name}: ${error.message}.`);
        }
    });
}

function planImage(plan: PlanInput, image: RepositoryImage, tags: ContentTags): ImagePlan {
    const input = inputOf(plan, image);
    requireSource(input);
    const tag = tags.of(sourceOf(input));
    const { name, repositoryUrl, platforms, testTarget } = image;
    const isPushed = plan.reference.kind !== "pullRequest";
    const isWanted = (platform: Platform) => plan.platform === undefined || platform === plan.platform;
    return {
        name,
        repositoryUrl,
        tag,
        ...(isPushed && plan.commit !== undefined ? { commitTag: `git-${plan.commit}` } : {}),
        builds: platforms.filter(isWanted).map((platform) => platformBuild(plan, image, platform, tag)),
        isJoinedElsewhere: plan.platform !== undefined && platforms.length > 1,
        ...(testTarget !== undefined && {
            tests: { isElsewhere: !isWanted(platforms[0]!), arguments: testArguments(plan, image, testTarget) },
        }),
    };
}

function requireSource(input: BuildInput): void {
    const { spec, sourceRoot } = input;
    const { context, dockerfile } = sourceOf(input);
    const missing = {
        context: `The source has no folder ${spec.context}, the build context of image ${spec.name}.`,
        dockerfile: `The source has no file ${spec.dockerfile}, the Dockerfile of image ${spec.name}.`,
    };
    const fault = sourceFault(sourceRoot, context, dockerfile);
    if (fault !== undefined && fault.link === undefined) throw new Error(missing[fault.field]);
    if (fault?.link !== undefined) {
        throw new Error(
            `${path.relative(sourceRoot, fault.link)}, which image ${spec.name} is built from, is a symbolic link that leads out of the source; put what it is meant to name into the source.`,
        );
    }
    if (bareRepository(context) !== undefined) {
        throw new Error(
            `The build context of image ${spec.name} is ${spec.context}; allowed: a folder that is no Git repository of its own, as HEAD and objects make it one.`,
        );
    }
}

function platformBuild(plan: PlanInput, image: RepositoryImage, platform: Platform, imageTag: string): PlatformBuild {
    const input = inputOf(plan, image);
    const { context, dockerfile, buildArgs } = sourceOf(input);
    const reference = (tag: string) => `${image.repositoryUrl}:${tag}`;
    const caches = cachesOf(input, plan.reference, platform);
    const read = caches.from.map(reference);
    const tag = platformTag(imageTag, image.platforms, platform);
    const pushed = plan.reference.kind === "pullRequest" ? undefined : reference(tag);
    return {
        architecture: architecture(platform),
        tag,
        ...(pushed === undefined ? {} : { pushed }),
        caches: read,
        arguments: [
            `--file=${dockerfile}`,
            ...(image.target === undefined ? [] : [`--target=${image.target}`]),
            ...buildArguments(buildArgs, platform, read),
            ...pushArguments(
                pushed === undefined ? [] : [pushed],
                caches.to === undefined ? [] : [reference(caches.to)],
                input,
            ),
            context,
        ],
        pinned: planPinnedStages(plan, image, platform),
    };
}

/** Makes the arguments of the tests. Tests run for the first platform and reuse the stages in the image's own cache. */
function testArguments(plan: PlanInput, image: RepositoryImage, testTarget: string): string[] {
    const input = inputOf(plan, image);
    const { context, dockerfile, buildArgs } = sourceOf(input);
    const platform = image.platforms[0]!;
    const caches = cachesOf(input, plan.reference, platform).from.map((tag) => `${image.repositoryUrl}:${tag}`);
    const common = buildArguments(buildArgs, platform, caches);
    return [`--file=${dockerfile}`, `--target=${testTarget}`, ...common, context];
}
