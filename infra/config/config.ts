import * as pulumi from "@pulumi/pulumi";
import type { ProjectSettings } from "../codebuild/projectSettings";
import { settingsOfSource } from "./codebuildSettings";
import { duplicateProblems, sourceProblems } from "../pipeline/imageProblems";
import { defaultSecretName } from "../pipeline/resolveArgs";
import { type ResolvedImage, resolveImages } from "../pipeline/resolveImages";
import { clearSecrets, isClearSecret } from "../release/ecs/settingReference";
import { ciProblems } from "./ciProblems";
import { deliveryProblems } from "./deliveryProblems";
import { infrastructureProblems } from "./infrastructureProblems";
import { nameLimitProblems } from "./nameLimits";
import { repositoryName } from "./repositoryName";
import { describeIssue, parseSettings, projectRoot, type Settings } from "./settings";

/** Checked configuration of the whole stack. */
export type StackConfig = Omit<
    Settings,
    "images" | "image" | "imageDigest" | "source" | "codebuild" | "nativeBuilds" | "secretName"
> & {
    /** Settings of the CodeBuild project that follow from the source. */
    project: ProjectSettings;
    /** Name of the project. */
    application: string;
    /** Name of the stack. */
    environment: string;
    /** Name or ARN of the secret with the application's settings. */
    secretName: string;
    /** Absolute path of the folder of Pulumi.yaml, the root of CodeBuild's source. */
    sourceRoot: string;
    images: ResolvedImage[];
};

/** Characters that a stack's name may have, since it ends the name of a CodeBuild project. */
const stackName = /^[A-Za-z0-9_-]{1,100}$/;

/**
 * Reads the configuration of the current stack.
 *
 * @throws pulumi.RunError with one line for each wrong setting: the key, the value, and what is allowed
 */
export function readConfig(): StackConfig {
    const project = pulumi.getProject();
    const environment = pulumi.getStack();
    const { images, image, imageDigest, source, codebuild, nativeBuilds, ...rest } = parseSettings(
        project,
        pulumi.runtime.allConfig(),
        refuse,
    );
    const secretName = rest.secretName ?? defaultSecretName({ application: project, environment });
    const resolved = resolveImages(
        images.map((one, index) => ({
            ...one,
            // AWS Lambda takes no layers by zstd; a Lambda target runs the first image.
            compression: one.compression ?? (rest.lambda !== undefined && index === 0 ? "gzip" : undefined),
            digest: one.digest ?? imageDigest,
        })),
        { application: project, environment, sourceRoot: projectRoot, repositoryName: rest.repositoryName },
    );
    const ofImages = [
        ...(image.source === "build" ? resolved.flatMap((one, index) => sourceProblems(one, index, projectRoot)) : []),
        ...duplicateProblems(resolved),
    ];
    const problems = [
        ...stackProblems(environment),
        ...nameLimitProblems(
            { application: project, environment },
            {
                builds: image.source === "build",
                tests: resolved.some(({ testTarget }) => testTarget !== undefined),
                pullRequests: image.source === "build" && source.webhooks,
                infrastructure: rest.infrastructure !== undefined,
                ec2: rest.ec2 !== undefined,
                lambda: rest.lambda !== undefined,
                promoteTo: (rest.delivery?.promoteTo ?? []).map((to) => to.environment),
                delivered: rest.deliveredBy !== undefined,
                copies: rest.ci?.promoteTo !== undefined,
            },
        ),
        ...infrastructureProblems(project, rest, source),
        ...ciProblems(project, { ci: rest.ci, image }),
        ...deliveryProblems(project, environment, { ...rest, source, image, nativeBuilds }),
        ...digestProblems(project, images, image.source, imageDigest),
        ...ofImages.map((line) => `${project}:${line}`),
        ...resolved.flatMap((one) => nameProblems(project, one.repositoryName)),
        ...targetProblems(project, rest, resolved[0]!),
        ...secretProblems(project, secretName, rest.ecs),
    ];
    if (problems.length > 0) refuse(problems);
    return {
        ...rest,
        project: { ...codebuild, ...settingsOfSource(source, rest.delivery !== undefined), nativeBuilds },
        application: project,
        environment,
        secretName,
        sourceRoot: projectRoot,
        images: resolved,
    };
}

/** Lists the Lambda functions that run the images; a stack with its own function includes those of environments that receive its images. */
export function lambdaFunctionNames({ application, lambdaFunctionNames, lambda }: StackConfig): string[] | undefined {
    if (lambdaFunctionNames.length > 0) return lambdaFunctionNames;
    return lambda && [`${application}-*`];
}

function stackProblems(name: string): string[] {
    return stackName.test(name) ? [] : [`The stack's name is "${name}"; allowed: up to 100 letters, digits, - and _`];
}

/** Checks digests. A digest stands for an image that is built elsewhere, so every image has one or none has. */
function digestProblems(
    project: string,
    images: Settings["images"],
    source: Settings["image"]["source"],
    imageDigest: string | undefined,
): string[] {
    const given = images.map((one, index) => [`${project}:images[${index}].digest`, one.digest] as const);
    if (source === "build") {
        return [[`${project}:imageDigest`, imageDigest] as const, ...given]
            .filter(([, value]) => value !== undefined)
            .map(([key, value]) => `${key} is "${value}"; allowed: no value, unless image.source is digest`);
    }
    if (imageDigest !== undefined && images.length > 1) {
        return [
            `${project}:imageDigest is "${imageDigest}"; allowed: no value with several images, which have digest each`,
        ];
    }
    return given
        .filter(([, value]) => value === undefined && imageDigest === undefined)
        .map(([key]) => `${key} is missing; allowed: a digest, here or as imageDigest, since image.source is digest`);
}

/** Checks targets. One release record belongs to one target, and Lambda takes an image for one platform with gzip layers. */
function targetProblems(
    project: string,
    { ecs, lambda }: Pick<Settings, "ecs" | "lambda">,
    image: ResolvedImage,
): string[] {
    if (lambda === undefined) return [];
    return [
        ...(ecs === undefined ? [] : [`${project}:lambda and ${project}:ecs both have a value; allowed: one of them`]),
        ...(image.platforms.length === 1
            ? []
            : [`${project}:images[0].platforms is ${image.platforms.join(", ")}; allowed: one platform, with lambda`]),
        ...(image.compression === "gzip"
            ? []
            : [
                  `${project}:images[0].compression is "${image.compression}"; allowed: gzip, with lambda, which takes no other`,
              ]),
    ];
}

/** Checks the secret's name for ECS, which alone names a secret by a partial ARN. */
function secretProblems(project: string, name: string, ecs: Settings["ecs"]): string[] {
    if (ecs?.secretKeys === undefined || ecs.secretKeys.length === 0 || isClearSecret(name)) return [];
    return [`${project}:secretName is "${name}"; allowed: ${clearSecrets}`];
}

/** Checks a repository name, derived from project, stack and image, like a configured one. */
function nameProblems(project: string, name: string): string[] {
    const issues = repositoryName.safeParse(name, { reportInput: true }).error?.issues ?? [];
    return issues.flatMap((issue) => describeIssue(project, { ...issue, path: ["repositoryName"] }));
}

function refuse(problems: string[]): never {
    throw new pulumi.RunError(problems.join("\n"));
}
