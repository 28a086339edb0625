import { z } from "zod";
import type { InfrastructureSettings, ProjectSettings } from "./build";
import { bucketName, kmsKeyArn } from "./storageNames";

/** What each type of source needs besides its type. */
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

/** Where CodeBuild gets the source. */
export const source = z
    .strictObject({
        type: z.enum(Object.keys(needed) as [SourceType, ...SourceType[]]).default("NO_SOURCE"),
        location: z.string().min(1, "the address of a Git repository, or bucket/key").optional(),
        connectionArn: z
            .string()
            .regex(
                /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection\/[A-Za-z0-9-]+$/,
                "the ARN of a connection to a Git host",
            )
            .optional(),
        artifactBucketArn: z
            .string()
            .regex(/^arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}$/, "the ARN of a pipeline's artifact bucket")
            .optional(),
        webhooks: z.boolean("true or false").default(false),
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
    });

/** How updates of the stack run in CodeBuild. */
export const infrastructure = z.strictObject({
    stateBucket: bucketName,
    stateKeyArn: kmsKeyArn.optional(),
    pulumiVersion: z.string("a version such as 3.248.0").regex(/^\d+\.\d+\.\d+$/, "a version such as 3.248.0"),
    pulumiChecksum: z.string("64 hexadecimal digits").regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits"),
}) satisfies z.ZodType<InfrastructureSettings>;

/** The settings of the CodeBuild project that follow from a source. */
export function projectSettings({
    type,
    location,
    connectionArn,
    artifactBucketArn,
    webhooks,
}: z.output<typeof source>): ProjectSettings {
    if (type === "NO_SOURCE") return {};
    const auth = connectionArn === undefined ? undefined : { type: "CODECONNECTIONS", resource: connectionArn };
    return {
        source: { type, location, auth },
        pipelineArtifactBucketArn: artifactBucketArn,
        webhooks,
    };
}
