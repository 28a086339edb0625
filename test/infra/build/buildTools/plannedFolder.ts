import * as fs from "node:fs";
import * as path from "node:path";
import { tagOf } from "../../../../infra/build/buildTools/lookup";
import type { ImagePlan } from "../../../../infra/build/buildTools/plan";
import { WorkFolder } from "../../../../infra/build/buildTools/workFolder";
import { temporaryFolder } from "../../temporaryFolder";

/** A build of one platform. */
export const build = (architecture: string) => ({
    architecture,
    tag: `src-1-${architecture}`,
    pushed: `registry/shop:src-1-${architecture}`,
    caches: [`registry/shop:cache-main-${architecture}`],
    arguments: ["context"],
    pinned: [],
});

/** An image for two platforms. */
export const image: ImagePlan = {
    name: "app",
    repositoryUrl: "registry/shop",
    tag: "src-1",
    builds: [build("amd64"), build("arm64")],
    isJoinedElsewhere: false,
    tests: { arguments: ["context"] },
};

/**
 * Makes work folders with a plan, after a lookup that found images of the given tags. Called in a `describe`.
 *
 * @returns a function; `proven` are the tags whose images this project built, all unless others are named
 */
export function plannedFolders() {
    const folder = temporaryFolder();
    return (plan: ImagePlan, tags: string[], proven = tags) => {
        const location = fs.mkdtempSync(path.join(folder.path, "work-"));
        const work = new WorkFolder(location);
        work.writePlan([plan]);
        const pinned = plan.builds.flatMap((build) =>
            build.pinned.flatMap(({ stage, filling }) => [stage.tag, ...(filling?.from ?? []).map(tagOf)]),
        );
        const asked = [plan.tag, ...plan.builds.map(({ tag }) => tag), ...pinned];
        const images = tags.map((imageTag) => ({
            imageId: { imageTag, imageDigest: digestOf(imageTag) },
            imageManifest: "{}",
            imageManifestMediaType: "type",
        }));
        const failures = asked
            .filter((tag) => !tags.includes(tag))
            .map((imageTag) => ({ imageId: { imageTag }, failureCode: "ImageNotFound" }));
        const digests = Object.fromEntries(proven.map((tag) => [tag, digestOf(tag)]));
        work.found.write(plan, { images, failures }, digests);
        return {
            work,
            read: (file: string) => fs.readFileSync(path.join(location, file), "utf8"),
            write: (file: string, content: string) => fs.writeFileSync(path.join(location, file), content),
        };
    };
}

function digestOf(tag: string): string {
    return `sha256:${tag}`;
}
