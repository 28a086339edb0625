import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { currentAccount } from "./aws/account";
import { baseRepositoryArns, instanceArn, parameterArn } from "./aws/resourceArns";
import type { StackConfig } from "./config/config";
import { deployPolicy, Ec2Target, EcsTarget, type ImagePipeline, LambdaTarget } from "./components";
import { createCiIdentity, promotionScope } from "./jobs";

/** Outputs of the targets by name; absent where there is no such target. */
export interface TargetOutputs {
    /** Policy of deploys, as JSON text; undefined where no job and no pipeline deploys. */
    deployPolicy: pulumi.Output<string> | undefined;
    /** Values that deploy jobs need, in the order of `deployEnv`. */
    forDeploys: OutputsOf<
        | "deployDocument"
        | "deployTargets"
        | "ecsCluster"
        | "ecsService"
        | "ecsContainer"
        | "ecsTaskDefinition"
        | "lambdaFunction"
        | "lambdaAlias"
        | "lambdaArchitecture"
    >;
    /** Values for callers and operators. */
    forOthers: OutputsOf<
        | "deployService"
        | "deployBucketName"
        | "instanceProfileName"
        | "instanceRoleArn"
        | "serviceUrl"
        | "ciBuildRoleArn"
        | "ciDeployRoleArn"
        | "ciCopyRoleArn"
    >;
}

/** Values that may be absent, by name. */
type OutputsOf<Name extends string> = Record<Name, pulumi.Output<string> | undefined>;

/** Creates the targets in the configuration, running the first image, and the roles of the jobs that deploy to them. */
export function createTargets(config: StackConfig, pipeline: ImagePipeline): TargetOutputs {
    const { name, platforms } = config.images[0]!;
    const { imageUri } = pipeline.images[name]!;
    const repositoryArn = pipeline.repositoryArns[name]!;
    const common = {
        application: config.application,
        environment: config.environment,
        imageUri,
        credentials: (config.ecs ?? config.lambda) && pipeline.repositories[name]!.credentials(),
        platform: platforms[0],
        logRetentionDays: config.logRetentionDays,
    };
    const ecs =
        config.ecs &&
        new EcsTarget("ecs", {
            ...common,
            ...config.ecs,
            containerName: name,
            repositoryArn,
            secretName: config.secretName,
            secretKmsKeyArn: config.secretKmsKeyArn ?? config.kmsKeyArn,
        });
    // Lambda pulls the image when the function is created, which its repository has to allow by then.
    const mayPull = { dependsOn: pipeline.repositories[name]! };
    const lambda = config.lambda && new LambdaTarget("lambda", { ...common, ...config.lambda }, mayPull);
    const ec2 = createEc2Target(config, pipeline);
    const isDeployed = [config.ci, config.delivery, config.deliveredBy].some((jobs) => jobs !== undefined);
    const policy = isDeployed ? policyOfDeploys(config, pipeline, { ec2, ecs, lambda }) : undefined;
    const ci = createCiIdentity(config, pipeline, policy);
    return {
        deployPolicy: policy,
        forDeploys: {
            deployDocument: ec2?.documentName,
            deployTargets: ec2?.targets,
            ecsCluster: ecs?.clusterName,
            ecsService: ecs?.serviceName,
            ecsContainer: ecs?.containerName,
            ecsTaskDefinition: ecs?.taskDefinitionArn,
            lambdaFunction: lambda?.functionName,
            lambdaAlias: lambda?.aliasName,
            lambdaArchitecture: lambda?.architecture,
        },
        forOthers: {
            deployService: config.ec2 && pulumi.output(config.ec2.service),
            deployBucketName: ec2?.bucketName,
            instanceProfileName: ec2?.instanceProfileName,
            instanceRoleArn: ec2?.roleArn,
            serviceUrl: ecs?.url,
            ciBuildRoleArn: ci?.buildRoleArn,
            ciDeployRoleArn: ci?.deployRoleArn,
            ciCopyRoleArn: ci?.copyRoleArn,
        },
    };
}

function createEc2Target(config: StackConfig, pipeline: ImagePipeline): Ec2Target | undefined {
    if (config.ec2 === undefined) return undefined;
    const { composeFiles, ...settings } = config.ec2;
    const { name } = config.images[0]!;
    const { repositoryUrl } = pipeline.images[name]!;
    const repositoryArn = pipeline.repositoryArns[name]!;
    const readFile = (file: string) => fs.readFileSync(path.resolve(config.sourceRoot, file), "utf8");
    return new Ec2Target("ec2", {
        ...settings,
        application: config.application,
        environment: config.environment,
        repositoryUrl,
        repositoryArn,
        // Where base images come from the account's own registry, so may those of the compose files.
        furtherRepositoryArns: pulumi
            .all([repositoryUrl, repositoryArn])
            .apply(([url, arn]) => baseRepositoryArns(config.baseRegistry, url, arn)),
        composeFiles: composeFiles.map((file) => ({ name: path.basename(file), content: readFile(file) })),
        directoryAppParameter: pipeline.directoryAppParameter,
        secretNameParameter: pipeline.secretNameParameter,
        secretName: config.secretName,
        kmsKeyArn: config.kmsKeyArn,
        secretKmsKeyArn: config.secretKmsKeyArn,
        forceDestroy: config.forceDestroy,
    });
}

/** Targets of a stack. */
interface Targets {
    ec2: Ec2Target | undefined;
    ecs: EcsTarget | undefined;
    lambda: LambdaTarget | undefined;
}

/** Renders the permissions of jobs and pipelines that deploy to the targets. */
function policyOfDeploys(
    config: StackConfig,
    pipeline: ImagePipeline,
    { ec2, ecs, lambda }: Targets,
): pulumi.Output<string> {
    const { name } = config.images[0]!;
    return pulumi
        .output({
            account: currentAccount({}),
            parameter: pipeline.images[name]!.imageTagParameter,
            repositoryArn: pipeline.repositoryArns[name]!,
            ec2: ec2 && { documentArn: ec2.documentArn, instanceTag: ec2.instanceTag },
            ecs: ecs && {
                serviceArn: ecs.serviceArn,
                taskDefinitionArn: ecs.taskDefinitionArn,
                passedRoleArns: ecs.passedRoleArns,
                subnetIds: ecs.subnetIds,
            },
            functionArn: lambda?.functionArn,
        })
        .apply(({ account, parameter, repositoryArn, ec2, ecs, functionArn }) =>
            deployPolicy({
                release: { parameterArn: parameterArn(parameter, account), repositoryArn },
                ec2: ec2 && { ...ec2, instanceArn: instanceArn(account) },
                ecs,
                lambda: functionArn === undefined ? undefined : { functionArn, repositoryArn },
                promotion: promotionScope(config, repositoryArn, account),
            }),
        );
}
