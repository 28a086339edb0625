import { AwsCalls } from "./awsCalls";
import type { BuildVariables } from "./gitReference";
import { repositoryNameOf } from "./lookup";
import { Proofs } from "./proofs";
import { WorkFolder } from "./workFolder";

/**
 * Proves the pinned stages that this build made, whatever becomes of tests and images, and hands them to the builds of both.
 *
 * @param folder the work folder
 */
export async function finishStages(folder: string, variables: BuildVariables): Promise<void> {
    const work = new WorkFolder(folder);
    const proofs = new Proofs(new AwsCalls(), variables);
    const writes = work
        .plan()
        .map((image) => proofs.write(repositoryNameOf(image.repositoryUrl), work.builtStages(image)));
    await Promise.all(writes);
    work.writeContexts();
}
