import { BuildProject } from "../../../infra/codebuild/buildProject";
import type { BuildProjectArgs, BuiltImage } from "../../../infra/codebuild/buildProjectArgs";
import { packagedTools } from "../../../infra/buildTools/packagedTools";
import { contentKey } from "../../../infra/buildTools/contentKey";
import type { BuildPolicy } from "../../../infra/plan/imageSpec";
import { accountId, region, registry } from "../../../local/mocks/mockOutputs";
import { mockPulumi, type MockOptions } from "../../../local/mocks/mockPulumi";

/** Makes an image that the project builds. */
export function builtImage(name: string): BuiltImage {
    return {
        name,
        repositoryUrl: `${registry}/${name}`,
        repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
        context: name,
        dockerfile: `${name}/Dockerfile`,
        platforms: ["linux/amd64"],
        compression: "zstd",
    };
}

/** Policy that images are built by. */
export const policy: BuildPolicy = {
    baseRegistry: "public.ecr.aws/docker/library",
    branch: "main",
    defaultBranch: "main",
    cacheMode: "max",
};

/** Arguments of these tests' project. */
export const args: BuildProjectArgs = {
    projectName: "shop-dev",
    images: [builtImage("api"), builtImage("web")],
    policy,
    buildspec: "version: 0.2\n",
    bucketName: "shop-cache",
    bucketArn: "arn:aws:s3:::shop-cache",
};

/** Content of the object with the images. */
export const imagesContent = JSON.stringify({
    policy,
    images: ["api", "web"].map((name) => ({
        name,
        context: name,
        dockerfile: `${name}/Dockerfile`,
        platforms: ["linux/amd64"],
        compression: "zstd",
        repositoryUrl: `${registry}/${name}`,
    })),
});

/** Scope of the project's role. */
export const scope = {
    repositoryArns: args.images.map((image) => image.repositoryArn as string),
    baseRepositoryArns: [],
    secretArns: [],
    parameterArns: [],
    source: {},
    objectKeys: ["build-tools/*"],
    logGroupArn: `arn:aws:logs:${region}:${accountId}:log-group:/aws/codebuild/shop-dev`,
    bucketArn: "arn:aws:s3:::shop-cache",
};

/** Declares the project on a mocked engine, and waits for it. */
export async function declare(extra: Partial<BuildProjectArgs> = {}, options: MockOptions = {}) {
    const world = await mockPulumi(options);
    const project = new BuildProject("build", { ...args, ...extra });
    await world.settle();
    return { world, project };
}

/** Resources of the project. */
export const tree = [
    "BuildProject build",
    "  BucketObjectv2 build-images",
    "  BucketObjectv2 build-tools",
    "  LogGroup build-logs",
    "  Project build-project",
    "  Role build-role",
    "  RolePolicy build-policy",
];

/** Makes variables in the form of a CodeBuild project. */
export function variables(values: Record<string, string>): { name: string; value: string; type: string }[] {
    return Object.entries(values).map(([name, value]) => ({ name, value, type: "PLAINTEXT" }));
}

/** Variables that each build gets. */
export const ownVariables = {
    BUILD_TOOLS_BUCKET: "shop-cache",
    BUILD_TOOLS_KEY: packagedTools().key,
    IMAGES_KEY: contentKey(imagesContent, ".json"),
};

/** Name of the project's role. */
export const role = "build-role-1a2b3c4";
/** Inputs of the CodeBuild project. */
export const projectInputs = {
    name: "shop-dev",
    description: "Builds and pushes the application's images with a registry cache",
    serviceRole: `arn:aws:iam::${accountId}:role/${role}`,
    source: { type: "NO_SOURCE", buildspec: "version: 0.2\n" },
    artifacts: {
        type: "S3",
        location: "shop-cache",
        path: "artifacts",
        namespaceType: "BUILD_ID",
        name: "images",
    },
    environment: {
        type: "LINUX_CONTAINER",
        computeType: "BUILD_GENERAL1_MEDIUM",
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        privilegedMode: true,
        environmentVariables: variables(ownVariables),
    },
    cache: { type: "S3", location: "shop-cache/build-cache" },
    logsConfig: { cloudwatchLogs: { groupName: "/aws/codebuild/shop-dev", status: "ENABLED" } },
    buildTimeout: 30,
    queuedTimeout: 60,
};
