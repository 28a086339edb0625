import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ProjectSettings } from "../codebuild/projectSettings";
import { projectSettings } from "./codebuildSettings";
import type { PipelineImage } from "../pipeline/imagePipelineArgs";
import { linkOutOfSource } from "../plan/sourceFolders";
import { clearSecrets, isClearSecret } from "../release/ecs/settingReference";
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
    images: PipelineImage[];
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
    const secretName = rest.secretName ?? `${project}/${environment}`;
    const prefix = rest.repositoryName ?? `${project}-${environment}`.toLowerCase();
    const resolved = images.map((one, index) => ({
        ...one,
        context: inSource(one.context ?? one.name),
        dockerfile: inSource(one.dockerfile ?? path.join(one.context ?? one.name, "Dockerfile")),
        // AWS Lambda takes no layers by zstd; a Lambda target runs the first image.
        compression: one.compression ?? (rest.lambda !== undefined && index === 0 ? "gzip" : "zstd"),
        // The first image keeps its repository when others join it.
        repositoryName: one.repositoryName ?? (index === 0 ? prefix : `${prefix}/${one.name}`),
        digest: one.digest ?? imageDigest,
    }));
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
            },
        ),
        ...infrastructureProblems(project, rest, source),
        ...digestProblems(project, images, image.source, imageDigest),
        ...(image.source === "build" ? resolved.flatMap((one, index) => sourceProblems(project, one, index)) : []),
        ...resolved.flatMap((one) => nameProblems(project, one.repositoryName)),
        ...targetProblems(project, rest, resolved[0]!),
        ...secretProblems(project, secretName, rest.ecs),
        ...duplicates(project, resolved, "name"),
        ...duplicates(project, resolved, "repositoryName"),
    ];
    if (problems.length > 0) refuse(problems);
    return {
        ...rest,
        project: { ...codebuild, ...projectSettings(source), nativeBuilds },
        application: project,
        environment,
        secretName,
        sourceRoot: projectRoot,
        images: resolved,
    };
}

/** Lists the Lambda functions that run the images; a stack with its own function includes those of environments that receive its images. */
export function functionNames({ application, functionNames, lambda }: StackConfig): string[] | undefined {
    if (functionNames.length > 0) return functionNames;
    return lambda && [`${application}-*`];
}

/** Makes a configured path relative to the root of the source, as {@link PipelineImage} has it. */
function inSource(location: string): string {
    return path.relative(projectRoot, path.resolve(projectRoot, location)).split(path.sep).join("/") || ".";
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
    image: PipelineImage,
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

function sourceProblems(project: string, one: PipelineImage, index: number): string[] {
    const problem = (name: "context" | "dockerfile", allowed: string) => [
        `${project}:images[${index}].${name} is "${one[name]}"; allowed: ${allowed}`,
    ];
    const [context, dockerfile] = [path.resolve(projectRoot, one.context), path.resolve(projectRoot, one.dockerfile)];
    if (!fs.statSync(context, { throwIfNoEntry: false })?.isDirectory()) {
        return problem("context", "a folder that exists");
    }
    if (!fs.statSync(dockerfile, { throwIfNoEntry: false })?.isFile()) {
        return problem("dockerfile", "a Dockerfile that exists");
    }
    const link = linkOutOfSource(projectRoot, context, dockerfile);
    if (link === undefined) return [];
    const field = link === dockerfile ? "dockerfile" : "context";
    return problem(
        field,
        `what lies in the source; ${path.relative(projectRoot, link)} is a symbolic link that leads out of it`,
    );
}

/** Checks a repository name, derived from project, stack and image, like a configured one. */
function nameProblems(project: string, name: string): string[] {
    const issues = repositoryName.safeParse(name, { reportInput: true }).error?.issues ?? [];
    return issues.flatMap((issue) => describeIssue(project, { ...issue, path: ["repositoryName"] }));
}

function duplicates(project: string, images: PipelineImage[], field: "name" | "repositoryName"): string[] {
    const values = images.map((one) => one[field]);
    return values.flatMap((value, index) =>
        values.indexOf(value) < index
            ? [`${project}:images[${index}].${field} is "${value}"; allowed: one that no other image has`]
            : [],
    );
}

function refuse(problems: string[]): never {
    throw new pulumi.RunError(problems.join("\n"));
}
