import { z } from "zod";
import type { InfrastructureSettings } from "../codebuild/infrastructureProjectArgs";
import type { ProjectSettings } from "../codebuild/projectSettings";
import { bucketName, kmsKeyArn } from "./storageNames";

/** Fields that each type of source needs besides its type. */
const needed = {
    NO_SOURCE: [],
    GITHUB: ["location", "connectionArn"],
    GITHUB_ENTERPRISE: ["location", "connectionArn"],
    GITLAB: ["location", "connectionArn"],
    GITLAB_SELF_MANAGED: ["location", "connectionArn"],
    BITBUCKET: ["location", "connectionArn"],
    S3: ["location"],
    CODEPIPELINE: ["artifactBucketArn"],
} as const;

type SourceType = keyof typeof needed;

/** Schema of the ARN of a connection to a Git host. */
export const connection = z
    .string()
    .regex(
        /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection\/[A-Za-z0-9-]+$/,
        "the ARN of a connection to a Git host",
    );

/** Pattern for tags, in CodeBuild's filter notation; CodeBuild matches it against a whole name. */
const tagPattern = z
    .string()
    .refine(
        (pattern) => /^[^^]/.test(pattern) && !pattern.endsWith("$") && isRegularExpression(pattern),
        "a regular expression for the whole name of a tag, without ^ and $",
    );

/** Schema of CodeBuild's source and of the events that start builds. */
export const source = z
    .strictObject({
        type: z.enum(Object.keys(needed) as [SourceType, ...SourceType[]]).default("NO_SOURCE"),
        location: z.string().min(1, "the address of a Git repository, or bucket/key").optional(),
        connectionArn: connection.optional(),
        pullRequestConnectionArn: connection.optional(),
        artifactBucketArn: z
            .string()
            .regex(/^arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}$/, "the ARN of a pipeline's artifact bucket")
            .optional(),
        webhooks: z.boolean("true or false").default(false),
        tagPattern: tagPattern.optional(),
    })
    .superRefine((value, context) => {
        const own: readonly string[] = needed[value.type];
        for (const field of ["location", "connectionArn", "artifactBucketArn"] as const) {
            if ((value[field] !== undefined) === own.includes(field)) continue;
            const message = own.includes(field)
                ? `a value, since the type is ${value.type}`
                : `no value with ${value.type}`;
            context.addIssue({ code: "custom", path: [field], input: value[field], message });
        }
        if (value.webhooks && !own.includes("connectionArn")) {
            context.addIssue({ code: "custom", path: ["webhooks"], input: true, message: `false with ${value.type}` });
        }
        const refuse = (field: "pullRequestConnectionArn" | "tagPattern", message: string) =>
            context.addIssue({ code: "custom", path: [field], input: value[field], message });
        for (const field of ["pullRequestConnectionArn", "tagPattern"] as const) {
            if (value[field] !== undefined && !value.webhooks) refuse(field, "no value without webhooks");
        }
        if (value.connectionArn !== undefined && value.pullRequestConnectionArn === value.connectionArn) {
            refuse("pullRequestConnectionArn", "another connection than connectionArn");
        }
    });

function isRegularExpression(pattern: string): boolean {
    try {
        new RegExp(pattern);
        return true;
    } catch {
        return false;
    }
}

/** Schema of the updates of the stack that run in CodeBuild. */
export const infrastructure = z.strictObject({
    stateBucket: bucketName,
    stateKeyArn: kmsKeyArn.optional(),
    pulumiVersion: z.string("a version such as 3.248.0").regex(/^\d+\.\d+\.\d+$/, "a version such as 3.248.0"),
    pulumiChecksum: z.string("64 hexadecimal digits").regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits"),
}) satisfies z.ZodType<InfrastructureSettings>;

/**
 * Derives the settings of the CodeBuild project from a source.
 *
 * @param hasPipeline whether the stack has a delivery pipeline, which starts all builds but those of pull requests
 */
export function settingsOfSource(
    { type, location, connectionArn, artifactBucketArn, ...builds }: z.output<typeof source>,
    hasPipeline: boolean,
): ProjectSettings {
    const auth = connectionArn === undefined ? undefined : { type: "CODECONNECTIONS", resource: connectionArn };
    const given = type === "NO_SOURCE" ? undefined : { type, location, auth };
    if (hasPipeline) return { source: { type: "CODEPIPELINE" }, ...(given && { pullRequestSource: given, ...builds }) };
    return given === undefined ? {} : { source: given, pipelineArtifactBucketArn: artifactBucketArn, ...builds };
}
