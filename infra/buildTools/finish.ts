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
 * Tags each image with its commit (the first build wins), marks each pinned stage as its recipe's latest, and writes proofs, exported
 * variables, artifacts and metrics.
 *
 * @param folder the work folder
 * @param artifacts folder that the artifacts are written to
 * @throws Error for a pushed image that the repository does not hold
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
 * Sums up one image from the results of this build and the repository's current answer.
 *
 * @throws Error for a pushed image that the repository does not hold
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

/** Lists the commit's tag, unless it was given before. */
function commitTag(image: ImageState): NewTag[] {
    const { plan } = image;
    const found = adopted(image, plan.tag);
    if (found === undefined || plan.commitTag === undefined || found.isCommitTagged) return [];
    return [newTag(plan.repositoryUrl, plan.commitTag, found)];
}

/** Writes artifacts as JSON into a new folder. A path of the source with the folder's name, possibly a link, is replaced. */
export function writeArtifacts(folder: string, files: Record<string, unknown>): void {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    for (const [file, content] of Object.entries(files)) {
        fs.writeFileSync(path.join(folder, file), `${JSON.stringify(content)}\n`);
    }
}
