import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { infrastructure, source } from "./codebuildSettings";
import { buildPolicy, imageSpec, pinnedStage } from "../plan/imageSpec";
import { imageDefaults, policyDefaults, retentionDefaults } from "../plan/defaults";
import { codebuild } from "./codebuildProject";
import { renamedSettings } from "./renamedSettings";
import { repositoryName } from "./repositoryName";
import { bucketName, kmsKeyArn } from "./storageNames";
import { deliveredBy, delivery } from "./deliverySettings";
import { ci, ec2, ecs, lambdaFunctionNames, lambda } from "./targetSettings";

/** Folder of Pulumi.yaml; configured paths are relative to it. */
export const projectRoot = path.resolve(__dirname, "../..");

const secretName = z.string().regex(/^[A-Za-z0-9/_+=.@:-]{1,512}$/, "the name or ARN of a secret");

/**
 * Pattern of an image reference that names its registry, and a tag or a digest. The part before the first slash has a dot or a port; Docker
 * Hub would otherwise take it for a part of a name.
 *
 * @see https://docs.docker.com/reference/cli/docker/image/tag/
 */
const pinnedImage =
    /^(?=[^/]*[.:])(?=.*\/.*[:@])[a-z0-9][a-z0-9.-]*(:[0-9]+)?(\/[a-z0-9._-]+)+(:\w[\w.-]{0,99})?(@sha256:[0-9a-f]{64})?$/;

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits");
const days = z.int("a whole number of days from 1 to 3650").min(1, "1 to 3650 days").max(3650, "1 to 3650 days");

/**
 * Numbers of days for which CloudWatch can keep logs:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const logDays = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Schema of one image; its context defaults to the folder of its name. */
const image = imageSpec
    .partial({ context: true, dockerfile: true, compression: true })
    .extend({
        platforms: imageSpec.shape.platforms.default(imageDefaults.platforms),
        repositoryName: repositoryName.optional(),
        digest: digest.optional(),
    })
    .strict();

/** Schema of the origin of images. */
const imageOrigin = z.strictObject({ source: z.enum(["build", "digest"]).default("build") });

/** Reads the content of a file of certificates. */
function certificates(file: string, context: z.core.$RefinementCtx<string>): string {
    const location = path.resolve(projectRoot, file);
    if (fs.statSync(location, { throwIfNoEntry: false })?.isFile()) return fs.readFileSync(location, "utf8");
    context.addIssue({ code: "custom", message: "a file of certificates in PEM format that exists", input: file });
    return z.NEVER;
}

/** Wraps a schema for a setting that is not a text: Pulumi passes every value as text, structured values as JSON. */
function fromText<T extends z.ZodType>(schema: T) {
    return z.preprocess((value) => {
        if (typeof value !== "string") return value;
        try {
            return JSON.parse(value) as unknown;
        } catch {
            return value;
        }
    }, schema);
}

const policy = buildPolicy.shape;

/** Schema of all settings with their defaults; descriptions stand in Pulumi.yaml, and a test compares both. */
export const settings = z.strictObject({
    images: fromText(
        z
            .array(image)
            .min(1, "at least one image")
            .default([image.parse({ name: "app" })]),
    ),
    image: fromText(imageOrigin.default({ source: "build" })),
    imageDigest: digest.optional(),
    repositoryName: repositoryName.optional(),
    existingRepositories: fromText(z.boolean("true or false").default(false)),
    baseRegistry: policy.baseRegistry.default(policyDefaults.baseRegistry),
    buildkitImage: z.string().regex(pinnedImage, "an image with its registry, and a tag or a digest").optional(),
    source: fromText(source.prefault({})),
    infrastructure: fromText(infrastructure).optional(),
    buildSecrets: fromText(
        z
            .record(z.string(), secretName, "secrets by the ids of build secrets")
            .refine(
                (secrets) => Object.keys(secrets).every((id) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(id)),
                "ids of letters, digits and _ . -, the first one no . or -",
            )
            .default({}),
    ),
    codebuild: fromText(codebuild.default({})),
    nativeBuilds: fromText(z.boolean("true or false").default(false)),
    branch: policy.branch.default(policyDefaults.branch),
    defaultBranch: policy.defaultBranch.default(policyDefaults.defaultBranch),
    cacheMode: policy.cacheMode.default(policyDefaults.cacheMode),
    rebuildKey: policy.rebuildKey.default(policyDefaults.rebuildKey),
    parallelBuilds: fromText(policy.parallelBuilds.default(policyDefaults.parallelBuilds)),
    maxBuildCount: fromText(
        z
            .int("a whole number from 1 to 10000")
            .min(1, "1 to 10000")
            .max(10000, "1 to 10000")
            .default(retentionDefaults.maxBuildCount),
    ),
    cacheExpiryDays: fromText(days.default(retentionDefaults.cacheExpiryDays)),
    untaggedExpiryDays: fromText(days.default(retentionDefaults.untaggedExpiryDays)),
    logRetentionDays: fromText(
        z.literal(logDays, `one of ${logDays.join(", ")}`).default(retentionDefaults.logRetentionDays),
    ),
    kmsKeyArn: kmsKeyArn.optional(),
    secretKmsKeyArn: kmsKeyArn.optional(),
    existingCacheBucketName: bucketName.optional(),
    caCertificates: z.string().transform(certificates).optional(),
    hostFolder: z.string().regex(/^\//, "an absolute path").optional(),
    secretName: secretName.optional(),
    ec2: fromText(ec2).optional(),
    ecs: fromText(ecs).optional(),
    lambda: fromText(lambda).optional(),
    lambdaFunctionNames: fromText(lambdaFunctionNames.default([])),
    ci: fromText(ci).optional(),
    delivery: fromText(delivery).optional(),
    deliveredBy: fromText(deliveredBy).optional(),
    forceDestroy: fromText(z.boolean("true or false").default(false)),
});

/** Settings after parsing, with defaults filled in. */
export type Settings = z.output<typeof settings>;

/**
 * Parses the settings of a project out of a stack's whole configuration.
 *
 * @param config values by their keys, the project's name included
 * @param refuse function that takes one line for each wrong setting and does not return
 */
export function parseSettings(
    project: string,
    config: Record<string, string>,
    refuse: (problems: string[]) => never,
): Settings {
    const own = Object.entries(config).flatMap(([key, value]) =>
        // Pulumi demands a default for every declared setting; an empty text or object stands for none.
        key.startsWith(`${project}:`) && !["", "{}"].includes(value)
            ? [[key.slice(project.length + 1), value] as const]
            : [],
    );
    const result = settings.safeParse(Object.fromEntries(own), { reportInput: true });
    return result.success ? result.data : refuse(result.error.issues.flatMap((issue) => describeIssue(project, issue)));
}

/** Describes an issue of zod's with one line for each setting: the key, the value, and the allowed values. */
export function describeIssue(project: string, issue: z.core.$ZodIssue): string[] {
    if (issue.code === "unrecognized_keys") {
        const allowed = Object.keys(objectAt(issue.path).shape).sort().join(", ");
        return issue.keys.map((key) => {
            const today = renamedSettings[[...issue.path, key].join(".")];
            const allowedNow =
                today === undefined ? `allowed: ${allowed}` : `its name is ${keyOf(project, [today])} now`;
            return `${keyOf(project, [...issue.path, key])} is not a setting; ${allowedNow}`;
        });
    }
    const allowed =
        issue.code === "invalid_value"
            ? issue.values.map(String).join(", ")
            : issue.message.replace(/^Invalid input: expected (\w+).*/, "a value of type $1");
    return [`${keyOf(project, issue.path)} is ${JSON.stringify(issue.input) ?? "missing"}; allowed: ${allowed}`];
}

/** Returns the schema of the object at a path: the settings as a whole, one of them, one of `images`, or one of an image's stages. */
function objectAt([setting, , part]: PropertyKey[]): z.ZodObject {
    if (setting === undefined) return settings;
    if (part === "pinnedStages") return pinnedStage;
    return { image: imageOrigin, source, infrastructure, codebuild, ec2, ecs, lambda, ci }[String(setting)] ?? image;
}

function keyOf(project: string, parts: PropertyKey[]): string {
    const text = parts.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
    return `${project}:${text.replace(/^\./, "")}`;
}
