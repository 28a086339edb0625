import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { currentAccount } from "../aws/account";
import { type TagArgs, withTags } from "../aws/tags";
import { retentionDefaults } from "../plan/defaults";

import { lifecyclePolicy } from "./lifecyclePolicy";
import { functionArn, repositoryPolicy } from "./repositoryPolicy";
import { registryCredentials, type RegistryLogin } from "./registryCredentials";

/** Arguments of {@link ImageRepository}. */
export interface ImageRepositoryArgs extends TagArgs {
    /** Name of the ECR repository, for example `shop-dev/api`. */
    repositoryName: pulumi.Input<string>;

    /**
     * Whether an existing repository of that name is used instead of a new one. Its settings, lifecycle policy and images stay unchanged.
     *
     * @default false
     */
    existingRepository?: boolean;

    /** Number of built images to keep, by content tag. @default 50 */
    maxImageCount?: number;

    /** Days after which an unused build cache is deleted. @default 30 */
    cacheExpiryDays?: number;

    /** Days after which a manifest without a tag is deleted. @default 7 */
    untaggedExpiryDays?: number;

    /**
     * ARN of the KMS key that encrypts the layers; fixed once the repository exists.
     *
     * @default - AES256 with a key of ECR's own
     */
    kmsKeyArn?: pulumi.Input<string>;

    /** Names of the account's Lambda functions that run the repository's images; `*` stands for any text. @default - none */
    lambdaFunctionNames?: string[];

    /** ARNs of roles of other accounts that copy images to the repository: promotions of a pipeline there. @default - none */
    copyRoleArns?: pulumi.Input<string>[];

    /**
     * Whether the repository with all its images is deleted when the stack is destroyed. Otherwise it outlives the stack.
     *
     * @default false
     */
    forceDestroy?: boolean;
}

/**
 * Tags that may move. Every build replaces caches and pinned stages, a rebuild of the same source `src-*`, every deploy `deployed-*`,
 * another copy of the same tool `tool-*`. All other tags (commits, releases) stay on their first image. ECR takes no more than five.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageTagMutability.html
 */
export const movableTags = ["cache-*", "src-*", "deps-*", "deployed-*", "tool-*"];

/** ECR repository of an application: immutable release tags, scan on push, and a lifecycle policy that spares deployed images. */
export class ImageRepository extends pulumi.ComponentResource {
    /** Name of the repository. */
    readonly repositoryName: pulumi.Output<string>;
    /** Address of the repository without a tag, as `docker pull` takes it. */
    readonly repositoryUrl: pulumi.Output<string>;
    /** ARN of the repository. */
    readonly repositoryArn: pulumi.Output<string>;
    /** Account whose registry holds the repository. */
    readonly registryId: pulumi.Output<string>;

    constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:ImageRepository", name, {}, withTags(opts, args));

        const repository = args.existingRepository
            ? aws.ecr.getRepositoryOutput({ name: args.repositoryName }, { parent: this })
            : this.createRepository(name, args);

        this.repositoryName = repository.name;
        this.repositoryUrl = repository.repositoryUrl;
        this.repositoryArn = repository.arn;
        this.registryId = repository.registryId;
        this.registerOutputs({
            repositoryName: this.repositoryName,
            repositoryUrl: this.repositoryUrl,
            repositoryArn: this.repositoryArn,
            registryId: this.registryId,
        });
    }

    /** Makes a login for the registry of this repository. */
    credentials(): RegistryLogin {
        return registryCredentials(this.repositoryUrl, this.registryId, { parent: this });
    }

    private createRepository(name: string, args: ImageRepositoryArgs): aws.ecr.Repository {
        const options = { parent: this, retainOnDelete: !args.forceDestroy };
        const repository = new aws.ecr.Repository(
            `${name}-repository`,
            {
                name: args.repositoryName,
                imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
                imageTagMutabilityExclusionFilters: movableTags.map((filter) => ({ filter, filterType: "WILDCARD" })),
                imageScanningConfiguration: { scanOnPush: true },
                encryptionConfigurations: [encryption(args.kmsKeyArn)],
                forceDelete: args.forceDestroy ?? false,
            },
            options,
        );
        new aws.ecr.LifecyclePolicy(
            `${name}-lifecycle`,
            {
                repository: repository.name,
                policy: lifecyclePolicy({
                    builds: args.maxImageCount ?? retentionDefaults.maxBuildCount,
                    cacheDays: args.cacheExpiryDays ?? retentionDefaults.cacheExpiryDays,
                    untaggedDays: args.untaggedExpiryDays ?? retentionDefaults.untaggedExpiryDays,
                }),
            },
            options,
        );
        if (args.lambdaFunctionNames !== undefined || args.copyRoleArns !== undefined)
            this.admitCallers(name, repository, args, options);
        return repository;
    }

    private admitCallers(
        name: string,
        repository: aws.ecr.Repository,
        { lambdaFunctionNames = [], copyRoleArns = [] }: ImageRepositoryArgs,
        options: pulumi.CustomResourceOptions,
    ): void {
        const policy = pulumi.all([currentAccount({ parent: this }), copyRoleArns]).apply(([account, roleArns]) =>
            repositoryPolicy({
                functionArns: lambdaFunctionNames.map((one) => functionArn(one, account)),
                copyRoleArns: roleArns,
            }),
        );
        new aws.ecr.RepositoryPolicy(
            `${name}-policy`,
            { repository: repository.name, policy },
            { ...options, aliases: [{ name: `${name}-functions` }] },
        );
    }
}

function encryption(
    kmsKeyArn: pulumi.Input<string> | undefined,
): aws.types.input.ecr.RepositoryEncryptionConfiguration {
    return kmsKeyArn === undefined ? { encryptionType: "AES256" } : { encryptionType: "KMS", kmsKey: kmsKeyArn };
}
