import * as path from "node:path";
import type { Project, ProjectArtifacts } from "@aws-sdk/client-codebuild";
import type { SourceArchive } from "./sourceArchive";

/** Artifact of a pipeline that a build reads or writes. */
export interface PipelineArtifact extends SourceArchive {
    /** Name in the pipeline. */
    name: string;
}

/** Part of a build that only the pipeline which starts it knows. */
export interface PipelineBuild {
    /** Name of the pipeline. */
    pipeline: string;
    /** Artifacts that are the source, the primary one first. */
    inputs: [PipelineArtifact, ...PipelineArtifact[]];
    /** Commit of the primary one. @default - none */
    revision?: string;
    /** Places of the artifacts to make. */
    outputs: PipelineArtifact[];
}

/**
 * Makes the artifacts of a project whose build a pipeline starts. One is the buildspec's; of several, each is the secondary one of its name.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
 */
export function artifactsOf({ outputs }: PipelineBuild): Pick<Project, "artifacts" | "secondaryArtifacts"> {
    const [first, ...others] = outputs;
    if (first === undefined || others.length > 0) {
        const secondary = outputs.map((output) => ({ ...inS3(output), artifactIdentifier: output.name }));
        return { artifacts: { type: "NO_ARTIFACTS" }, secondaryArtifacts: secondary };
    }
    return { artifacts: inS3(first), secondaryArtifacts: [] };
}

function inS3({ bucket, key }: PipelineArtifact): ProjectArtifacts {
    return { type: "S3", packaging: "ZIP", location: bucket, path: path.posix.dirname(key), name: path.basename(key) };
}

/** Lists the artifacts besides the primary one. */
export function secondaryInputs(build: PipelineBuild | undefined): PipelineArtifact[] {
    return build?.inputs.slice(1) ?? [];
}

/** Names the folder of a secondary artifact, beside that of the source. */
export function secondaryDirectory(sourceDirectory: string, { name }: PipelineArtifact): string {
    return path.join(path.dirname(sourceDirectory), `src-${name}`);
}
