import * as docker_build from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { declareInTurn } from "./buildQueue";
import { declareProof } from "./declareProof";
import { imageArgs, type PlatformTarget, type StageBuild } from "./imageArgs";

/** Declares the docker-build Image of a platform's image or of one of its stages, and the proof that this stack built it. */
export function declareImage(
    name: string,
    target: PlatformTarget,
    stage: StageBuild,
    options: pulumi.CustomResourceOptions,
): docker_build.Image {
    const image = declareBuild(name, target, stage, options);
    declareProof(`${name}-proof`, { ...target, tag: stage.tag, digest: image.digest }, options);
    return image;
}

/** Declares the Image, which is built in its turn. */
function declareBuild(
    name: string,
    target: PlatformTarget,
    stage: StageBuild,
    options: pulumi.CustomResourceOptions,
): docker_build.Image {
    const { parallelBuilds } = target.build.policy;
    const named = stage.named ?? {};
    const names = Object.keys(named);
    if (names.length === 0) {
        return declareInTurn(
            parallelBuilds,
            target.repositoryUrl,
            (repositoryUrl) => new docker_build.Image(name, imageArgs({ ...target, repositoryUrl }, stage), options),
        );
    }
    // Images that replace stages are built first and need places of their own in the queue.
    return declareInTurn(parallelBuilds, pulumi.output(named), (images) => {
        const inTurn = Object.fromEntries(names.map((one) => [one, images.apply((values) => values[one]!)]));
        return new docker_build.Image(name, imageArgs(target, { ...stage, named: inTurn }), options);
    });
}
