import { describeUnclear } from "../../image/pinned";
import { AwsCalls } from "./awsCalls";
import { writeCredentials } from "./credentials";
import type { BuildVariables } from "./gitReference";
import { lookupOf } from "./lookup";
import { type ImagePlan, planImages } from "./plan";
import { Proofs } from "./proofs";
import { readSecrets, readVariables } from "./readVariables";
import { TestReports } from "./testReports";
import { WorkFolder } from "./workFolder";

/**
 * Plans the images by the code that `pulumi up` runs, and looks them up by content tag: what this project built is adopted, for the rest the
 * folder has what the buildspec needs to build it.
 *
 * @param folder an empty folder
 * @throws Error for a damaged variable, a source without an image's files, and a call that AWS refuses
 */
export async function prepare(folder: string, variables: BuildVariables, workingDirectory: string): Promise<void> {
    const input = readVariables(variables, workingDirectory);
    const images = planImages(input);
    const { reference } = input;
    console.log(`Building ${reference.kind === "branch" ? `branch ${reference.name}` : reference.kind}:`);
    images.forEach(describe);

    const work = new WorkFolder(folder);
    const calls = new AwsCalls();
    work.writePlan(images);
    await lookUp(work, calls, images, new Proofs(calls, variables));
    const missing = images.filter((image) => work.found.image(image) === undefined);
    const reports = new TestReports(folder);
    for (const image of images) {
        const digest = work.found.image(image)?.digest;
        console.log(`  ${image.name} ${digest === undefined ? "has to be built" : `exists: ${digest}`}`);
        if (digest !== undefined && image.tests !== undefined) reports.writeAdopted(image);
    }
    const registries = work.writeBuilds(missing);
    for (const { reference, isThere } of work.caches(missing)) {
        console.log(`  Cache ${reference} ${isThere ? "is there" : "does not exist yet"}.`);
    }
    if (registries.length > 0) {
        await writeCredentials(folder, calls, registries, readSecrets(variables, input), variables);
    }
}

/** Looks all images up, and keeps what was found. */
async function lookUp(work: WorkFolder, calls: AwsCalls, images: ImagePlan[], proofs: Proofs): Promise<void> {
    await Promise.all(
        images.map(async (image) => {
            const { repositoryName, tags } = lookupOf(image);
            const answer = await calls.lookUp(repositoryName, tags);
            work.found.write(image, answer, await proofs.adopted(image, answer));
        }),
    );
}

function describe({ name, tag, builds }: ImagePlan): void {
    console.log(`  ${name} is ${tag}`);
    const stages = builds.flatMap(({ pinned }) => pinned.map(({ stage }) => stage));
    for (const stage of stages) console.log(`    its stage ${stage.name} is ${stage.tag}`);
    const warnings = new Set(stages.flatMap((stage) => describeUnclear(stage) ?? []));
    for (const warning of warnings) console.log(`    WARNING: ${warning}`);
}
