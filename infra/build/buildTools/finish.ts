import * as fs from "node:fs";
import * as path from "node:path";
import { AwsCalls, type NewTag } from "./awsCalls";
import { type ImageState, readState } from "./buildState";
import { foundImage } from "./foundImage";
import type { BuildVariables } from "./gitReference";
import { newTag } from "./lookup";
import { lastStageTags, missingImages } from "./missing";
import { lookUp } from "./prepare";
import { artifactFiles, exportedValues, type ImageResult, metricsLine } from "./results";

/**
 * Gives each image the commit's tag, where the first build of a commit wins, each pinned stage the tag by which the next one takes over
 * from it, and leaves exported variables, artifacts and a line of metrics.
 *
 * @param folder the work folder
 * @param artifacts folder that the artifacts are written to
 * @throws Error for an image that was pushed and is not there
 */
export async function finish(folder: string, artifacts: string, variables: BuildVariables): Promise<void> {
    const { images, marks } = readState(folder);
    const calls = new AwsCalls();
    await Promise.all(missingImages(images).map(async (image) => (image.answer = await lookUp(calls, image.plan))));
    const results = images.map(resultOf);
    for (const tag of images.flatMap(commitTag)) {
        if (!(await calls.giveTag(tag))) console.log(`Another build has set ${tag.tag} already.`);
    }
    for (const tag of lastStageTags(images)) await calls.giveTag(tag);
    fs.writeFileSync(
        path.join(folder, "exports"),
        exportedValues(results)
            .map((value) => `${value}\n`)
            .join(""),
    );
    fs.mkdirSync(artifacts, { recursive: true });
    for (const [file, content] of Object.entries(artifactFiles(results))) {
        fs.writeFileSync(path.join(artifacts, file), `${JSON.stringify(content)}\n`);
    }
    const project = (variables["CODEBUILD_BUILD_ID"] ?? "").split(":")[0]!;
    console.log(metricsLine(project, results, [...marks, { phase: "end", time: Date.now() }]));
}

/**
 * Says what became of an image, out of what was built and what the repository has of it now.
 *
 * @throws Error for an image that was pushed and is not there
 */
export function resultOf({ plan, answer, built }: ImageState): ImageResult {
    const { name, repositoryUrl, tag, builds, isJoinedElsewhere } = plan;
    const digest = foundImage(answer, tag, plan.commitTag)?.digest;
    const pushed = builds.filter((build) => build.pushed !== undefined);
    const expected = isJoinedElsewhere ? pushed.map((build) => build.tag) : pushed.length > 0 ? [tag] : [];
    const missing = digest === undefined && expected.find((one) => foundImage(answer, one) === undefined);
    if (missing) throw new Error(`Image ${name} was pushed, but ECR does not have ${missing}.`);
    return { name, repositoryUrl, tag, digest, builds: Object.values(built).map(({ summary }) => summary) };
}

/** The commit's tag where it is still to be given. */
function commitTag({ plan, answer }: ImageState): NewTag[] {
    const found = foundImage(answer, plan.tag, plan.commitTag);
    if (found === undefined || plan.commitTag === undefined || found.isCommitTagged) return [];
    return [newTag(plan.repositoryUrl, plan.commitTag, found)];
}
