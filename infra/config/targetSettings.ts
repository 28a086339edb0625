import * as path from "node:path";
import { z } from "zod";
import { repositoryName } from "./repositoryName";
import { bucketName, kmsKeyArn } from "./storageNames";

/** Schema of the number of an account. */
export const accountId = z.string().regex(/^[0-9]{12}$/, "12 digits");

/** Schema of the name of a stack. */
export const stackName = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, "the name of a stack of this project");
const variables = z.record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable"),
    z.string(),
    "texts by the names of variables",
);
const names = z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable"));
const ids = (kind: string, message: string) => z.string().regex(new RegExp(`^${kind}-[0-9a-f]+$`), message);
const subnets = z.array(ids("subnet", "the id of a subnet")).min(1, "at least one subnet");
const anyArn = (service: string, message: string) =>
    z.string().regex(new RegExp(`^arn:[a-z-]+:${service}:[a-z0-9-]*:[0-9]{12}:.+$`), message);

/** Shares of a vCPU that Fargate offers, in 1024ths. */
const fargateCpu = [256, 512, 1024, 2048, 4096, 8192, 16384];

/** Schema of deploys to EC2 instances; see Ec2TargetArgs. */
export const ec2 = z.strictObject({
    service: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, "the name of a compose service"),
    composeFiles: z
        .array(z.string().min(1, "a file, relative to Pulumi.yaml"))
        .min(1, "at least one file")
        // Hosts keep them in one folder, beside the .env of composeVariables.
        .refine(
            (files) => new Set([".env", ...files.map((file) => path.basename(file))]).size === files.length + 1,
            "files whose names differ, in different folders too, and none called .env",
        ),
    composeVariables: z
        .record(
            z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable"),
            // Compose reads values between single quotes, where a backslash at the end would escape the closing quote.
            z
                .string()
                .regex(
                    /^[^'\r\n\0]*(?<!\\)$/,
                    "a text without single quotes, line breaks, NUL, and a backslash at its end",
                ),
        )
        .optional(),
    secretKeys: names.optional(),
    instanceTag: z
        .strictObject({
            key: z.string().regex(/^[A-Za-z0-9_.:/=+@-]{1,128}$/, "the key of a tag"),
            value: z.string().regex(/^[A-Za-z0-9_.:/=+@-]{1,256}$/, "the value of a tag"),
        })
        .optional(),
    existingRoleName: z
        .string()
        .regex(/^[A-Za-z0-9_+=,.@-]{1,64}$/, "the name of a role")
        .optional(),
    healthSeconds: z.int("a whole number of seconds").min(1, "1 to 3600").max(3600, "1 to 3600").optional(),
    keepImages: z.int("a whole number of images").min(2, "2 to 100").max(100, "2 to 100").optional(),
});

/** Schema of the Fargate service that runs the image; see EcsServiceSettings. */
export const ecs = z
    .strictObject({
        port: z.int("a port").min(1, "1 to 65535").max(65535, "1 to 65535").optional(),
        healthCheckPath: z.string().regex(/^\//, "a path").optional(),
        healthCheckGraceSeconds: z.int("a whole number of seconds").min(0, "0 or more").optional(),
        healthCheckCommand: z.array(z.string()).min(1, "a command and its arguments").optional(),
        cpu: z.literal(fargateCpu).optional(),
        memory: z.int("a whole number of MiB").min(512, "512 or more").optional(),
        desiredCount: z.int("a whole number of tasks").min(1, "1 or more").optional(),
        variables: variables.optional(),
        secretKeys: names.optional(),
        certificateArn: anyArn("acm", "the ARN of a certificate").optional(),
        existingClusterName: z.string().min(1, "the name of a cluster").optional(),
        existingNetwork: z
            .strictObject({
                vpcId: ids("vpc", "the id of a VPC"),
                taskSubnetIds: subnets,
                loadBalancerSubnetIds: subnets.optional(),
            })
            .optional(),
        existingLoadBalancer: z
            .strictObject({
                targetGroupArn: anyArn("elasticloadbalancing", "the ARN of a target group"),
                securityGroupId: ids("sg", "the id of a security group"),
                url: z.string().regex(/^https?:\/\//, "an http or https address"),
            })
            .optional(),
    })
    .superRefine(({ existingNetwork: network, existingLoadBalancer: loadBalancer }, context) => {
        const missing = (path: string[], message: string) =>
            context.addIssue({ code: "custom", path, input: undefined, message });
        if (network === undefined && loadBalancer !== undefined)
            missing(["existingNetwork"], "the network of the existingLoadBalancer");
        if (network !== undefined && network.loadBalancerSubnetIds === undefined && loadBalancer === undefined) {
            missing(
                ["existingNetwork", "loadBalancerSubnetIds"],
                "public subnets of this network, or an existingLoadBalancer",
            );
        }
    });

/** Schema of the Lambda function that runs the image; see LambdaSettings. */
export const lambda = z.strictObject({
    memory: z.int("a whole number of MiB").min(128, "128 to 10240").max(10240, "128 to 10240").optional(),
    timeout: z.int("a whole number of seconds").min(1, "1 to 900").max(900, "1 to 900").optional(),
    variables: variables.optional(),
});

/** Schema of names of the account's Lambda functions that may pull this stack's images. */
export const lambdaFunctionNames = z.array(
    z
        .string()
        .regex(
            /^[A-Za-z0-9_-][A-Za-z0-9_*-]{0,63}$/,
            "the name of a Lambda function, in which * stands for any text, but not at the beginning",
        ),
);

const jobs = z
    .strictObject({
        existingProviderArn: anyArn("iam", "the ARN of an OIDC provider").optional(),
        url: z
            .string()
            .regex(/^https:\/\/[^/]+$/, "an https address without a path")
            .optional(),
        audience: z.string().min(1, "the audience of the tokens").optional(),
        buildSubjects: z.array(z.string()).optional(),
        deploySubjects: z.array(z.string()).optional(),
    })
    .optional();

/** Schema of the environment whose releases deploy jobs may promote to this one; see PromotionScope. */
const promoteFrom = z.strictObject({
    environment: stackName,
    accountId: accountId.optional(),
    repositoryName: repositoryName.optional(),
    bucketName: bucketName.optional(),
    kmsKeyArn: kmsKeyArn.optional(),
});

/** Schema of the CI jobs that may assume roles, and of the environment that they may promote from; see CiJobs. */
export const ci = z.strictObject({
    github: jobs,
    gitlab: jobs,
    promoteFrom: promoteFrom.optional(),
    promoteTo: z.strictObject({ accountId, repositoryName }).optional(),
});
