import { readDefinition } from "../plan/buildDefinition";
import { policyDefaults } from "../plan/defaults";
import { pinnedStageWarnings } from "../plan/pinned/pinnedStages";
import { AwsCalls } from "./awsCalls";
import { readBuildObject } from "./buildObject";
import { type ImageState, writeState } from "./buildState";
import { writeCredentials } from "./credentials";
import type { BuildVariables } from "./gitReference";
import { lookupOf } from "./lookup";
import { adopted, cachesRead, missingBuilds, missingIndexes } from "./missing";
import { type ImagePlan, planImages } from "./plan";
import { Proofs } from "./proofs";
import { readSecrets, readVariables, required } from "./readVariables";
import { writeSkippedReports } from "./testReports";

/**
 * Plans the images by the code that `pulumi up` runs, and looks them up by content tag. Images of this project are adopted; for the others
 * the folder gets login and secrets.
 *
 * @param folder an empty folder
 * @throws Error for a damaged variable or object, a source without an image's files, and a call that AWS refuses
 */
export async function prepare(folder: string, variables: BuildVariables, workingDirectory: string): Promise<void> {
    const calls = new AwsCalls();
    const definition = readDefinition(await readBuildObject(calls, variables, required(variables, "IMAGES_KEY")));
    const input = readVariables(variables, workingDirectory, definition.policy);
    const plans = planImages({ ...definition, ...input });
    const { reference } = input;
    console.log(`Building ${reference.kind === "branch" ? `branch ${reference.name}` : reference.kind}:`);
    plans.forEach(describe);

    const proofs = new Proofs(calls, variables);
    const images = await Promise.all(plans.map((plan) => lookUp(calls, proofs, plan)));
    for (const image of images) {
        const digest = adopted(image, image.plan.tag)?.digest;
        console.log(`  ${image.plan.name} ${digest === undefined ? "has to be built" : `exists: ${digest}`}`);
    }
    for (const { reference, isThere } of cachesRead(images)) {
        console.log(`  Cache ${reference} ${isThere ? "is there" : "does not exist yet"}.`);
    }
    const { parallelBuilds = policyDefaults.parallelBuilds } = definition.policy;
    writeState(folder, { images, parallelBuilds, marks: [{ phase: "lookup", time: Number(variables["STARTED"]) }] });
    writeSkippedReports(folder, images);
    const registries = registriesOf(images);
    if (registries.length > 0) {
        await writeCredentials(folder, calls, registries, readSecrets(variables, input), variables);
    }
}

/** Looks an image up, and finds the parts of it that this project built. */
async function lookUp(calls: AwsCalls, proofs: Proofs, plan: ImagePlan): Promise<ImageState> {
    const { repositoryName, tags } = lookupOf(plan);
    const { images = [], failures = [] } = await calls.lookUp(repositoryName, tags);
    const answer = { images, failures };
    return { plan, answer, digests: await proofs.adopted(plan, answer), built: {} };
}

/** Lists the registries to log in to; none when there is nothing to do. */
function registriesOf(images: ImageState[]): string[] {
    const touched = [...missingBuilds(images).map(({ image }) => image), ...missingIndexes(images)];
    return [...new Set(touched.map(({ plan }) => plan.repositoryUrl.slice(0, plan.repositoryUrl.indexOf("/"))))];
}

function describe({ name, tag, builds }: ImagePlan): void {
    console.log(`  ${name} is ${tag}`);
    const stages = builds.flatMap(({ pinned }) => pinned.map(({ stage }) => stage));
    for (const stage of stages) console.log(`    its stage ${stage.name} is ${stage.tag}`);
    const warnings = new Set(stages.flatMap(pinnedStageWarnings));
    for (const warning of warnings) console.log(`    WARNING: ${warning}`);
}
