import { z } from "zod";
import type { ProjectSettings } from "../codebuild/projectSettings";

/** Kinds of hosts of CodeBuild that run Docker. Source: API reference, ProjectEnvironment. */
const environmentTypes = ["LINUX_CONTAINER", "LINUX_GPU_CONTAINER", "ARM_CONTAINER", "LINUX_EC2", "ARM_EC2"] as const;

/** Sizes of these hosts. Source: API reference, ProjectEnvironment. */
const computeTypes = [
    "BUILD_GENERAL1_SMALL",
    "BUILD_GENERAL1_MEDIUM",
    "BUILD_GENERAL1_LARGE",
    "BUILD_GENERAL1_XLARGE",
    "BUILD_GENERAL1_2XLARGE",
] as const;

/** Kinds of folders that a host of CodeBuild may keep. Source: API reference, ProjectCache. */
const localCacheModes = ["LOCAL_SOURCE_CACHE", "LOCAL_DOCKER_LAYER_CACHE", "LOCAL_CUSTOM_CACHE"] as const;

const minutes = (least: number, most: number) => {
    const allowed = `a whole number of minutes from ${least} to ${most}`;
    return z.int(allowed).min(least, allowed).max(most, allowed);
};

const idsOf = (kind: string, what: string) =>
    z
        .array(z.string().regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), `the id of a ${what}`))
        .min(1, `at least one ${what}`);

const cache = z
    .strictObject({
        type: z.enum(["LOCAL", "NO_CACHE"]),
        modes: z.array(z.enum(localCacheModes)).min(1, "at least one mode").optional(),
    })
    .superRefine(({ type, modes }, context) => {
        if ((type === "LOCAL") === (modes !== undefined)) return;
        const message = type === "LOCAL" ? "a list, since the type is LOCAL" : "no value with NO_CACHE";
        context.addIssue({ code: "custom", path: ["modes"], input: modes, message });
    });

/**
 * The settings of CodeBuild's project that are passed on as they are; their names and values are CodeBuild's own.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Project.html
 */
export const codebuild = z.strictObject({
    environmentType: z.enum(environmentTypes).optional(),
    computeType: z.enum(computeTypes).optional(),
    image: z.string().min(1, "a build image").optional(),
    vpcConfig: z
        .strictObject({
            vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, "the id of a VPC"),
            subnets: idsOf("subnet", "subnet"),
            securityGroupIds: idsOf("sg", "security group"),
        })
        .optional(),
    dockerServer: z
        .strictObject({
            computeType: z.enum(computeTypes),
            securityGroupIds: idsOf("sg", "security group").optional(),
        })
        .optional(),
    cache: cache.optional(),
    cacheNamespace: z.string().min(1, "a name").optional(),
    buildTimeout: minutes(5, 2160).optional(),
    queuedTimeout: minutes(5, 480).optional(),
    autoRetryLimit: z.int("a whole number from 0 to 10").min(0, "0 to 10").max(10, "0 to 10").optional(),
    concurrentBuildLimit: z.int("a whole number from 1").min(1, "a whole number from 1").optional(),
    sourceVersion: z.string().min(1, "a branch, tag or commit").optional(),
    environmentVariables: z
        .array(
            z.strictObject({
                name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "letters, digits and _, the first one no digit"),
                value: z.string(),
                type: z.enum(["PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER"]).optional(),
            }),
        )
        .optional(),
}) satisfies z.ZodType<ProjectSettings>;
