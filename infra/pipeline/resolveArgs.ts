import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { packagedBuildspec } from "../codebuild/packagedBuildspec";
import type { StackNames } from "../codebuild/projectNames";
import { policyDefaults, retentionDefaults, withDefaults } from "../plan/defaults";
import type { BuildPolicy } from "../plan/imageSpec";
import { duplicateProblems, sourceProblems } from "./imageProblems";
import type { ImagePipelineArgs, PipelineInfrastructure } from "./imagePipelineArgs";
import { type ResolvedImage, resolveImages } from "./resolveImages";

/** Arguments that always have a value once the defaults are filled in. */
interface Defaulted extends BuildPolicy {
    application: string;
    environment: string;
    sourceRoot: string;
    buildspec: string;
    images: ResolvedImage[];
    infrastructure?: Required<Pick<PipelineInfrastructure, "buildspec">> & PipelineInfrastructure;
    maxBuildCount: number;
    hostFolder: pulumi.Input<string>;
    secretName: pulumi.Input<string>;
}

/** Arguments of a pipeline with every default filled in. */
export interface ResolvedArgs extends Omit<ImagePipelineArgs, keyof Defaulted>, Defaulted {}

/**
 * Fills in the defaults of a pipeline's arguments.
 *
 * @param name name of the pipeline, for errors
 * @throws pulumi.RunError with one line for each wrong image: the argument, the value, and what is allowed
 */
export function resolveArgs(name: string, args: ImagePipelineArgs): ResolvedArgs {
    const stack = {
        application: args.application ?? pulumi.getProject(),
        environment: args.environment ?? pulumi.getStack(),
    };
    const sourceRoot = args.sourceRoot ?? projectFolder();
    const images = resolveImages(args.images, { ...stack, sourceRoot, repositoryName: args.repositoryName });
    const { infrastructure } = args;
    refuseWrongImages(name, images, sourceRoot);
    return {
        ...withDefaults(args, { ...policyDefaults, ...retentionDefaults }),
        ...stack,
        sourceRoot,
        images,
        buildspec: args.buildspec ?? packagedBuildspec("image.yml"),
        infrastructure: infrastructure && {
            ...infrastructure,
            buildspec: infrastructure.buildspec ?? packagedBuildspec("infrastructure.yml"),
        },
        hostFolder: args.hostFolder ?? `/opt/${stack.application}`,
        secretName: args.secretName ?? defaultSecretName(stack),
    };
}

/** Name of the secret with the application's settings, unless another one is given. */
export function defaultSecretName({ application, environment }: StackNames): string {
    return `${application}/${environment}`;
}

/** The folder of Pulumi.yaml. The SDK knows no path of it where a program runs inside another one (Automation API), and under mocks. */
function projectFolder(): string {
    const folder = pulumi.getRootDirectory();
    return path.isAbsolute(folder) ? folder : process.cwd();
}

function refuseWrongImages(name: string, images: ResolvedImage[], sourceRoot: string): void {
    const problems = [
        ...(images.length === 0 ? ["images is []; allowed: at least one image"] : []),
        ...images.flatMap((image, index) =>
            image.digest === undefined ? sourceProblems(image, index, sourceRoot) : [],
        ),
        ...duplicateProblems(images),
    ];
    if (problems.length > 0)
        throw new pulumi.RunError(problems.map((line) => `ImagePipeline ${name}: ${line}`).join("\n"));
}
