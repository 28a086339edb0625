import * as path from "node:path";
import { ImagePipeline } from "../../../infra/pipeline/imagePipeline";
import type { BuildPolicy } from "../../../infra/plan/imageSpec";
import type { ImagePipelineArgs, PipelineImage } from "../../../infra/pipeline/imagePipelineArgs";
import type { ResolvedImage } from "../../../infra/pipeline/resolveImages";
import { mockPulumi, type MockOptions } from "../../../local/mocks/mockPulumi";
import { writeTree } from "../temporaryFolder";

/** Registry of the base images of the pipelines that tests declare. */
export const baseRegistry = "public.ecr.aws/docker/library";

/** The policy of the pipeline. */
export const policy: Required<BuildPolicy> = {
    baseRegistry,
    branch: "main",
    defaultBranch: "main",
    cacheMode: "max",
    rebuildKey: "",
    parallelBuilds: 4,
};

/** Resources of one received image. */
export const received = [
    "ImagePipeline line",
    "  AppImage line-api",
    "  ImageRepository line-api",
    "    LifecyclePolicy line-api-lifecycle",
    "    Repository line-api-repository",
    "  ReleaseParameters line-release",
    "    Parameter line-release-directory-app",
    "    Parameter line-release-image-tag",
    "    Parameter line-release-secret-name",
];

/** Resources that built images share. */
export const buildInfrastructure = [
    "  BuildProject line-build",
    "    BucketObjectv2 line-build-images",
    "    BucketObjectv2 line-build-tools",
    "    LogGroup line-build-logs",
    "    Project line-build-project",
    "    Role line-build-role",
    "    RolePolicy line-build-policy",
    "  CacheBucket line-cache",
    "    Bucket line-cache-bucket",
    "    BucketLifecycleConfiguration line-cache-lifecycle",
    "    BucketPolicy line-cache-policy",
    "    BucketPublicAccessBlock line-cache-public-access",
    "    BucketServerSideEncryptionConfiguration line-cache-encryption",
    "  Image line-buildkit",
];

/** Resources of one built image. */
export const built = received.toSpliced(
    2,
    0,
    "    BucketObjectv2 line-api-image-amd64-proof",
    "    Image line-api-image-amd64",
    ...buildInfrastructure,
);

/** Makes an image with a context of its own below a folder. */
export function pipelineImage(folder: string, name: string, extra: Partial<PipelineImage> = {}): ResolvedImage {
    writeTree(path.join(folder, name), { Dockerfile: "FROM scratch\n", name });
    return {
        name,
        repositoryName: `shop/${name}`,
        context: name,
        dockerfile: `${name}/Dockerfile`,
        platforms: ["linux/amd64"],
        compression: "zstd",
        ...extra,
    };
}

/** Declares the pipeline `line` of the application `shop` on a mocked engine, and waits for it. @param sourceRoot folder of its images */
export async function declarePipeline(
    sourceRoot: string,
    args: Partial<ImagePipelineArgs> & Pick<ImagePipelineArgs, "images">,
    options: MockOptions = {},
) {
    const world = await mockPulumi(options);
    const pipeline = new ImagePipeline("line", {
        application: "shop",
        environment: "dev",
        sourceRoot,
        buildspec: "version: 0.2\n",
        ...policy,
        ...args,
    });
    await world.settle();
    const inputs = (name: string) => world.resource(name).inputs;
    return { world, pipeline, inputs };
}

/** Lists the tags of the caches that an Image reads and writes, from its inputs. */
export function caches(inputs: Record<string, unknown>): { from: string[]; to: string[] } {
    const from = inputs["cacheFrom"] as { registry: { ref: string } }[];
    const to = inputs["cacheTo"] as { raw: string }[];
    return {
        from: from.map(({ registry }) => registry.ref.replace(/^.*:/, "")),
        to: to.map(({ raw }) => /,ref=[^,]*:([^:,]+)/.exec(raw)![1]!),
    };
}
