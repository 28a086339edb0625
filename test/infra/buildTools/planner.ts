import * as path from "node:path";
import { planImages } from "../../../infra/buildTools/plan";
import type { PlanInput } from "../../../infra/buildTools/planInput";
import type { RepositoryImage } from "../../../infra/plan/buildDefinition";
import { sourceOf } from "../../../infra/plan/buildInput";
import type { BuildPolicy } from "../../../infra/plan/imageSpec";
import { contentTag } from "../../../infra/plan/contentTag";
import { temporaryFolder, writeTree } from "../temporaryFolder";

/** Address of the image's repository. */
export const repositoryUrl = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api";
/** Image with its repository. */
export const api: RepositoryImage = {
    name: "api",
    repositoryUrl,
    context: "services/api",
    dockerfile: "services/api/Dockerfile",
    buildArgs: { A: "with space" },
    platforms: ["linux/amd64"],
    compression: "zstd",
};
/** Policy that the image is built by. */
export const policy: BuildPolicy = {
    baseRegistry: "public.ecr.aws/docker/library",
    branch: "main",
    defaultBranch: "main",
    cacheMode: "max",
};
/** Options of written caches. */
export const options = "mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true,compression=zstd";
/** Options of pushed images. */
export const pushedLayers = "push=true,compression=zstd,oci-mediatypes=true";

/** Plans builds of a source with {@link api}. Called in a `describe`. @param dockerfileText text of its Dockerfile, unless a plan has another */
export function planner(dockerfileText: string) {
    const folder = temporaryFolder();

    function plan(extra: Partial<PlanInput> = {}, text = dockerfileText) {
        writeTree(path.join(folder.path, "services/api"), { Dockerfile: text, file: "1", lock: "1" });
        return planImages({
            images: [api],
            source: folder.path,
            policy,
            reference: { kind: "branch", name: "main" },
            ...extra,
        });
    }

    const dockerfile = () => path.join(folder.path, api.dockerfile);
    const context = () => path.join(folder.path, api.context);
    const tagOf = (extra: object = {}) =>
        contentTag({ ...sourceOf({ spec: api, policy, sourceRoot: folder.path }), ...extra });
    return { plan, dockerfile, context, tagOf };
}
