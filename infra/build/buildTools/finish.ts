import * as fs from "node:fs";
import * as path from "node:path";
import { AwsCalls, type NewTag } from "./awsCalls";
import { lookUpBuilt } from "./builtImages";
import type { BuildVariables } from "./gitReference";
import { newTag, repositoryNameOf } from "./lookup";
import { Proofs } from "./proofs";
import { artifactFiles, exportedValues, metricsLine } from "./results";
import { WorkFolder } from "./workFolder";

/**
 * Proves what this build made, gives each image the commit's tag, where the first build of a commit wins, each pinned stage the tag by
 * which the next one takes over from it, and leaves exported variables, artifacts and a line of metrics.
 *
 * @param folder the work folder
 * @param artifacts folder that the artifacts are written to
 * @throws Error for an image that was pushed and is not there
 */
export async function finish(folder: string, artifacts: string, variables: BuildVariables): Promise<void> {
    const work = new WorkFolder(folder);
    const calls = new AwsCalls();
    const built = work.plan().filter((image) => work.found.image(image) === undefined);
    const digests = await Promise.all(built.map((image) => lookUpBuilt(work, calls, image)));
    const results = work.results();
    const proofs = new Proofs(calls, variables);
    await Promise.all(
        built.map(({ repositoryUrl }, index) => proofs.write(repositoryNameOf(repositoryUrl), digests[index]!)),
    );
    for (const tag of commitTags(work)) {
        if (!(await calls.giveTag(tag))) console.log(`Another build has set ${tag.tag} already.`);
    }
    for (const tag of work.lastStageTags()) {
        await calls.giveTag(tag);
        await proofs.write(tag.repositoryName, { [tag.tag]: tag.digest });
    }
    work.writeExports(exportedValues(results));
    fs.mkdirSync(artifacts, { recursive: true });
    for (const [file, content] of Object.entries(artifactFiles(results))) {
        fs.writeFileSync(path.join(artifacts, file), `${JSON.stringify(content)}\n`);
    }
    const project = (variables["CODEBUILD_BUILD_ID"] ?? "").split(":")[0]!;
    console.log(metricsLine(project, results, [...work.marks(), { phase: "end", time: Date.now() }]));
}

/** The commit's tags that are still to be given. */
function commitTags(work: WorkFolder): NewTag[] {
    return work.plan().flatMap((image) => {
        const found = work.found.image(image);
        if (found === undefined || image.commitTag === undefined || found.isCommitTagged) return [];
        return [newTag(image.repositoryUrl, image.commitTag, found)];
    });
}
