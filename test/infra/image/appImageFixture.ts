import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AppImage, type AppImageArgs } from "../../../infra/image/appImage";
import type { ImageBuild } from "../../../infra/image/imageBuild";
import { argumentsOf, sourceOf } from "../../../infra/plan/buildInput";
import type { BuildPolicy, ImageSpec } from "../../../infra/plan/imageSpec";
import { contentTag } from "../../../infra/plan/contentTag";
import { registry } from "../../../local/mocks/mockOutputs";
import { mockPulumi, type MockOptions } from "../../../local/mocks/mockPulumi";
import { writeTree } from "../temporaryFolder";

/** Address of the image's repository. */
export const url = `${registry}/shop`;

/** Makes a login for the repository. */
export function credentials() {
    return {
        address: url,
        username: "AWS",
        password: pulumi.secret("registry-token"),
    };
}

/** Login as the mocked engine shows it. */
export const login = { address: url, username: "AWS", password: { secret: "registry-token" } };

/** Makes an image of one file, without caches unless the policy says otherwise. @param folder an existing folder */
export function build(
    folder: string,
    spec: Partial<ImageSpec> = {},
    policy: Partial<BuildPolicy> = {},
    secrets?: ImageBuild["secrets"],
): ImageBuild {
    writeTree(path.join(folder, "context"), { "main.go": "package main" });
    writeTree(folder, { Dockerfile: "FROM scratch\n" });
    const files = { context: "context", dockerfile: "Dockerfile" };
    return {
        spec: { name: "app", ...files, platforms: ["linux/amd64"], compression: "zstd", ...spec },
        policy: { baseRegistry: "public.ecr.aws", branch: "main", defaultBranch: "main", cacheMode: "off", ...policy },
        sourceRoot: folder,
        secrets,
    };
}

/** Computes the content tag of a build. */
export function tagOf(source: ImageBuild): string {
    return contentTag(sourceOf(source));
}

/** Declares the image on a mocked engine, and waits for it. */
export async function declare(args: Partial<AppImageArgs>, options: MockOptions = {}) {
    const world = await mockPulumi(options);
    const one = new AppImage("app", { repositoryUrl: url, ...args });
    await world.settle();
    return { world, one };
}

/** Makes a cache that an Image writes, by its reference. */
export function cacheTo(ref: string, mode = "max"): { raw: string } {
    const options = "image-manifest=true,oci-mediatypes=true,ignore-error=true,compression=zstd";
    return { raw: `type=registry,ref=${ref},mode=${mode},${options}` };
}

/** Makes the inputs that all Images share. */
export function inputs(source: ImageBuild, tag: string): Record<string, unknown> {
    return {
        tags: [`${url}:${tag}`],
        context: { location: path.relative(process.cwd(), sourceOf(source).context) },
        dockerfile: { location: path.relative(process.cwd(), sourceOf(source).dockerfile) },
        platforms: ["linux/amd64"],
        buildArgs: argumentsOf(source),
        cacheFrom: [],
        cacheTo: [],
        registries: [login],
        network: "default",
        push: false,
        exports: [{ raw: "type=image,push=true,compression=zstd,oci-mediatypes=true" }],
        buildOnPreview: false,
    };
}
