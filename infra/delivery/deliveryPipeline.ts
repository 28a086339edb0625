import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { currentAccount } from "../aws/account";
import { pipelineArn, projectArn } from "../aws/resourceArns";
import { withTags } from "../aws/tags";
import { type ActionContext, createActionRole, createStartRole } from "./actionProject";
import { createDeploy, createPromotion, createScan } from "./actionProjects";
import { availableConnection } from "./availableConnection";
import { pipelineName } from "./deliveryNames";
import type { DeliveryPipelineArgs } from "./deliveryPipelineArgs";
import { approvalPolicy, pipelineRolePolicy, pipelineTrustPolicy, sourceRolePolicy } from "./deliveryPolicies";
import { approvalAction, pipelineStages, pipelineTrigger, type ProjectAction, type StageParts } from "./pipelineStages";

/**
 * Pipeline of CodePipeline from a commit to every environment: build, scan gate, release, and for each further environment an approval and a
 * promotion by digest. Each action has a role of its own.
 */
export class DeliveryPipeline extends pulumi.ComponentResource {
    /** Name of the pipeline. */
    readonly pipelineName: pulumi.Output<string>;
    /** ARN of the pipeline. */
    readonly pipelineArn: pulumi.Output<string>;
    /** Policy, as JSON, of people who approve promotions. */
    readonly approvalPolicy: pulumi.Output<string>;

    constructor(name: string, args: DeliveryPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:DeliveryPipeline", name, {}, withTags(opts, args));

        const { role, context } = this.createContext(name, args);
        const connectionArn = availableConnection(args.source.connectionArn, { parent: this });
        const source = this.createSourceRole(name, connectionArn, context);
        const build = this.createBuildAction(name, args, context);
        const scan = createScan(name, args, context);
        const deploy = createDeploy(name, args, context);
        const promotions = (args.promoteTo ?? []).map((to) => createPromotion(name, args, to, context));
        const policy = this.createPolicy(name, context, [
            source,
            ...[build, scan, deploy, ...promotions].map(({ startRoleArn }) => startRoleArn),
        ]);
        const parts = { source: { ...args.source, connectionArn, roleArn: source }, build, scan, deploy, promotions };
        const pipeline = this.createPipeline(name, args, parts, { role, policy });

        this.pipelineName = pipeline.name;
        this.pipelineArn = pipeline.arn;
        this.approvalPolicy = pipeline.arn.apply((arn) =>
            approvalPolicy(
                arn,
                promotions.map(({ environment }) => `${arn}/${environment}/${approvalAction}`),
            ),
        );
        this.registerOutputs({
            pipelineName: this.pipelineName,
            pipelineArn: this.pipelineArn,
            approvalPolicy: this.approvalPolicy,
        });
    }

    /** Creates the role of the pipeline. */
    private createContext(name: string, args: DeliveryPipelineArgs): { role: aws.iam.Role; context: ActionContext } {
        const account = currentAccount({ parent: this });
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                description: `Delivery pipeline ${pipelineName(args)}`,
                assumeRolePolicy: pulumi
                    .output(account)
                    .apply((known) => pipelineTrustPolicy(pipelineArn(pipelineName(args), known), known.accountId)),
            },
            { parent: this },
        );
        const bucketArn = (bucket: pulumi.Input<string>) => pulumi.interpolate`arn:${account.partition}:s3:::${bucket}`;
        const context = {
            account,
            pipelineRole: role,
            artifactBucketArn: bucketArn(args.artifactBucketName),
            cacheBucketName: args.cacheBucketName,
            cacheBucketArn: bucketArn(args.cacheBucketName),
            buildToolsKey: args.buildToolsKey,
            kmsKeyArn: args.kmsKeyArn,
            logRetentionDays: args.logRetentionDays,
            parent: this,
        };
        return { role, context };
    }

    /** Creates the role of the action that fetches the source. */
    private createSourceRole(
        name: string,
        connectionArn: pulumi.Output<string>,
        context: ActionContext,
    ): pulumi.Output<string> {
        const { artifactBucketArn, kmsKeyArn } = context;
        const policy = pulumi
            .output({ connectionArn, artifactBucketArn, kmsKeyArn })
            .apply(({ connectionArn: connection, ...scope }) => sourceRolePolicy(connection, scope));
        const description = "Action of the delivery pipeline that fetches the source";
        return createActionRole(`${name}-source`, { description, policy }, context);
    }

    private createBuildAction(
        name: string,
        { buildProjectName }: DeliveryPipelineArgs,
        context: ActionContext,
    ): ProjectAction {
        const arn = pulumi
            .all([buildProjectName, context.account])
            .apply(([projectName, account]) => projectArn(projectName, account));
        const projectName = pulumi.output(buildProjectName);
        return { projectName, startRoleArn: createStartRole(`${name}-build`, { projectName }, { arn }, context) };
    }

    private createPolicy(
        name: string,
        { artifactBucketArn, kmsKeyArn, pipelineRole }: ActionContext,
        actionRoleArns: pulumi.Input<string>[],
    ): aws.iam.RolePolicy {
        const policy = pulumi
            .output({ actionRoleArns, artifactBucketArn, kmsKeyArn })
            .apply(({ actionRoleArns: arns, ...scope }) => pipelineRolePolicy(arns, scope));
        return new aws.iam.RolePolicy(`${name}-policy`, { role: pipelineRole.name, policy }, { parent: this });
    }

    private createPipeline(
        name: string,
        args: DeliveryPipelineArgs,
        parts: StageParts,
        { role, policy }: { role: aws.iam.Role; policy: aws.iam.RolePolicy },
    ): aws.codepipeline.Pipeline {
        return new aws.codepipeline.Pipeline(
            `${name}-pipeline`,
            {
                name: pipelineName(args),
                roleArn: role.arn,
                pipelineType: "V2",
                executionMode: args.queued ? "QUEUED" : "SUPERSEDED",
                artifactStores: [
                    {
                        type: "S3",
                        location: args.artifactBucketName,
                        encryptionKey: args.kmsKeyArn === undefined ? undefined : { type: "KMS", id: args.kmsKeyArn },
                    },
                ],
                stages: pipelineStages(parts),
                triggers: [pipelineTrigger(args.source)],
            },
            { parent: this, dependsOn: policy },
        );
    }
}
