import type { UpResult } from "../../local/world/stack";
import { BatchGetImageCommand, type Image } from "@aws-sdk/client-ecr";
import { awsClients, dependencyBytes, type EngineWorld, TestStack, writeContext } from "./engineWorld";

/** Files of an application whose dependencies are made again, and differ, whenever their steps run. */
export const pinnedFiles = {
    Dockerfile: [
        "ARG BASE_REGISTRY",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl AS deps",
        "ENV PLACE=/dependencies",
        "WORKDIR /app",
        "RUN echo tools > /tools",
        "COPY requirements.txt /requirements.txt",
        `RUN head -c ${dependencyBytes} /dev/urandom > $PLACE`,
        "FROM deps",
        "COPY --link app/ /app/",
        "",
    ].join("\n"),
    ".dockerignore": "Dockerfile\n",
    "requirements.txt": "one==1\n",
    "app/main.py": "print(1)\n",
};

/** Opens a stack of one image with the pinned stage `deps`, of {@link pinnedFiles} unless the image says otherwise. */
export async function openPinned(
    engine: EngineWorld,
    name: string,
    settings: object = {},
    image: object = { pinnedStages: ["deps"] },
): Promise<TestStack> {
    const context = "context" in image ? image.context : await writeContext(name, pinnedFiles);
    return TestStack.open(engine, name, { images: [{ name: "app", ...image, context }], ...settings });
}

/** Reads the image that takes the place of the stage from the state: `docker-image://repository@digest`. */
export async function pinnedBy(stack: TestStack): Promise<string> {
    const { text } = await stack.state();
    return /"docker-image:\/\/[^"]+"/.exec(text)![0].slice(1, -1);
}

/** Counts the steps of the first image and its pinned stages: those that ran, and those that were cached. */
export function stepsOf({ images: [image] }: UpResult): [run: number, cached: number] {
    return [image!.stepsRun, image!.stepsCached];
}

/** Returns the name of the first image's repository. */
export function repositoryOf({ outputs }: UpResult): string {
    return (outputs as Record<string, string>).repositoryUrl!.split("/").slice(1).join("/");
}

/** Reads the digest of a tag from the registry. */
export async function registryDigest(engine: EngineWorld, result: UpResult, tag: string): Promise<string | undefined> {
    return (await registryImage(engine, result, tag))?.imageId?.imageDigest;
}

/** Lists the digests of the layers of a tag or an image digest, the last one first. */
export async function layerDigests(engine: EngineWorld, result: UpResult, tag: string): Promise<string[]> {
    return (await layersOf(engine, result, tag)).map(({ digest }) => digest).reverse();
}

/** Lists the layers of a tag or an image digest, with their compressed sizes in bytes. */
export async function layersOf(
    engine: EngineWorld,
    result: UpResult,
    tag: string,
): Promise<{ digest: string; size: number }[]> {
    const { imageManifest } = (await registryImage(engine, result, tag))!;
    return (JSON.parse(imageManifest!) as { layers: { digest: string; size: number }[] }).layers;
}

async function registryImage(engine: EngineWorld, result: UpResult, tag: string): Promise<Image | undefined> {
    const imageId = tag.startsWith("sha256:") ? { imageDigest: tag } : { imageTag: tag };
    const command = new BatchGetImageCommand({ repositoryName: repositoryOf(result), imageIds: [imageId] });
    return (await awsClients(engine).ecr.send(command)).images?.[0];
}
