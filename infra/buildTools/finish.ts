import * as fs from "node:fs";
import * as path from "node:path";
import { AwsCalls, type NewTag } from "./awsCalls";
import { type ImageState, readState } from "./buildState";
import { lookUpBuilt } from "./builtImages";
import type { BuildVariables } from "./gitReference";
import { newTag } from "./lookup";
import { adopted, lastStageTags, missingImages } from "./missing";
import { Proofs } from "./proofs";
import { artifactFiles, exportedValues, type ImageResult, metricsLine } from "./results";

/**
 * Proves what this build made, gives each image the commit's tag, where the first build of a commit wins, each pinned stage the tag by
 * which the next one takes over from it, and leaves exported variables, artifacts and a line of metrics.
 *
 * @param folder the work folder
 * @param artifacts folder that the artifacts are written to
 * @throws Error for an image that was pushed and is not there
 */
export async function finish(folder: string, artifacts: string, variables: BuildVariables): Promise<void> {
    const { images, marks } = readState(folder);
    const calls = new AwsCalls();
    const proofs = new Proofs(calls, variables);
    const built = await Promise.all(missingImages(images).map((image) => lookUpBuilt(calls, image)));
    const results = images.map(resultOf);
    await Promise.all(built.map(({ repositoryName, digests }) => proofs.write(repositoryName, digests)));
    for (const tag of images.flatMap(commitTag)) {
        if (!(await calls.giveTag(tag))) console.log(`Another build has set ${tag.tag} already.`);
    }
    for (const tag of lastStageTags(images)) {
        await calls.giveTag(tag);
        await proofs.write(tag.repositoryName, { [tag.tag]: tag.digest });
    }
    fs.writeFileSync(
        path.join(folder, "exports"),
        exportedValues(results)
            .map((value) => `${value}\n`)
            .join(""),
    );
    writeArtifacts(artifacts, artifactFiles(results));
    const project = (variables["CODEBUILD_BUILD_ID"] ?? "").split(":")[0]!;
    console.log(metricsLine(project, results, [...marks, { phase: "end", time: Date.now() }]));
}

/**
 * Says what became of an image, out of what was built and what the repository has of it now.
 *
 * @throws Error for an image that was pushed and is not there
 */
export function resultOf(image: ImageState): ImageResult {
    const { plan, built } = image;
    const { name, repositoryUrl, tag, builds, isJoinedElsewhere } = plan;
    const digest = adopted(image, tag)?.digest;
    const pushed = builds.filter((build) => build.pushed !== undefined);
    const expected = isJoinedElsewhere ? pushed.map((build) => build.tag) : pushed.length > 0 ? [tag] : [];
    const missing = digest === undefined && expected.find((one) => adopted(image, one) === undefined);
    if (missing) throw new Error(`Image ${name} was pushed, but ECR does not have ${missing}.`);
    return { name, repositoryUrl, tag, digest, builds: Object.values(built).map(({ summary }) => summary) };
}

/** The commit's tag where it is still to be given. */
function commitTag(image: ImageState): NewTag[] {
    const { plan } = image;
    const found = adopted(image, plan.tag);
    if (found === undefined || plan.commitTag === undefined || found.isCommitTagged) return [];
    return [newTag(plan.repositoryUrl, plan.commitTag, found)];
}

/** Writes artifacts as JSON into a new folder, in the place of what the source has under its name, which may be a link. */
export function writeArtifacts(folder: string, files: Record<string, unknown>): void {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    for (const [file, content] of Object.entries(files)) {
        fs.writeFileSync(path.join(folder, file), `${JSON.stringify(content)}\n`);
    }
}
