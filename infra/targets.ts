import * as pulumi from "@pulumi/pulumi";
import { currentAccount } from "./account";
import { parameterArn } from "./build/resourceArns";
import type { StackConfig } from "./config";
import { CiIdentity, deployPolicy } from "./delivery";
import type { ImagePipeline } from "./imagePipeline";
import { EcsTarget, LambdaTarget } from "./release";

/** What deploy jobs and callers are told of the targets, by output name; absent where there is no such target. */
export type TargetOutputs = Partial<
    Record<
        | "ecsCluster"
        | "ecsService"
        | "ecsContainer"
        | "ecsTaskDefinition"
        | "lambdaFunction"
        | "lambdaAlias"
        | "serviceUrl"
        | "ciBuildRoleArn"
        | "ciDeployRoleArn",
        pulumi.Output<string>
    >
>;

/** The targets that the configuration asks for, running the first image, and the roles of the jobs that deploy to them. */
export function createTargets(config: StackConfig, pipeline: ImagePipeline): TargetOutputs {
    const { name, platforms } = config.images[0]!;
    const { imageUri } = pipeline.images[name]!;
    const repositoryArn = pipeline.repositoryArns[name]!;
    const common = {
        application: config.application,
        environment: config.environment,
        imageUri,
        platform: platforms[0],
        logRetentionDays: config.logRetentionDays,
    };
    const secretName = config.secretName ?? `${config.application}/${config.environment}`;
    const ecs =
        config.ecs &&
        new EcsTarget("ecs", { ...common, ...config.ecs, containerName: name, repositoryArn, secretName });
    const lambda = config.lambda && new LambdaTarget("lambda", { ...common, ...config.lambda });
    const ci = createCiIdentity(config, pipeline, ecs, lambda);
    return {
        ecsCluster: ecs?.clusterName,
        ecsService: ecs?.serviceName,
        ecsContainer: ecs?.containerName,
        ecsTaskDefinition: ecs?.taskDefinitionArn,
        lambdaFunction: lambda?.functionName,
        lambdaAlias: lambda?.aliasName,
        serviceUrl: ecs?.url,
        ciBuildRoleArn: ci?.buildRoleArn,
        ciDeployRoleArn: ci?.deployRoleArn,
    };
}

function createCiIdentity(
    config: StackConfig,
    pipeline: ImagePipeline,
    ecs: EcsTarget | undefined,
    lambda: LambdaTarget | undefined,
): CiIdentity | undefined {
    if (config.ci === undefined) return undefined;
    const { name } = config.images[0]!;
    const policy = pulumi
        .output({
            account: currentAccount({}),
            parameter: pipeline.images[name]!.imageTagParameter,
            repositoryArn: pipeline.repositoryArns[name]!,
            ecs: ecs && {
                serviceArn: ecs.serviceArn,
                taskDefinitionArn: ecs.taskDefinitionArn,
                passedRoleArns: ecs.passedRoleArns,
            },
            functionArn: lambda?.functionArn,
        })
        .apply(({ account, parameter, repositoryArn, ecs, functionArn }) =>
            deployPolicy({
                release: { parameterArn: parameterArn(parameter, account), repositoryArn },
                ecs,
                lambda: functionArn === undefined ? undefined : { functionArn, repositoryArn },
            }),
        );
    return new CiIdentity("ci", { ...config.ci, buildPolicy: pipeline.startBuildPolicy, deployPolicy: policy });
}
