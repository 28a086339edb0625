import * as pulumi from "@pulumi/pulumi";

/** Argument that all components have which declare something that takes tags. */
export interface TagArgs {
    /**
     * Tags of everything in the component that takes tags, parts of its parts included; tags that a part has itself win. Objects of buckets
     * have none: AWS allocates costs by the tags of buckets.
     *
     * @default - none but the provider's `defaultTags`
     */
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Types of resources that components tag. */
export const taggedTypes: ReadonlySet<string> = new Set([
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:codebuild/project:Project",
    "aws:codepipeline/pipeline:Pipeline",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ecr/repository:Repository",
    "aws:ecs/cluster:Cluster",
    "aws:ecs/service:Service",
    "aws:ecs/taskDefinition:TaskDefinition",
    "aws:iam/instanceProfile:InstanceProfile",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "aws:iam/policy:Policy",
    "aws:iam/role:Role",
    "aws:lambda/function:Function",
    "aws:s3/bucket:Bucket",
    "aws:ssm/document:Document",
    "aws:ssm/parameter:Parameter",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "awsx:ec2:Vpc",
    "awsx:lb:ApplicationLoadBalancer",
]);

/**
 * Lets a component tag everything below it. Tags are added where a resource is constructed, so that no part has to pass them on.
 *
 * @param opts the options that the component was given
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/transformations/
 */
export function withTags(
    opts: pulumi.ComponentResourceOptions | undefined,
    { tags }: TagArgs,
): pulumi.ComponentResourceOptions | undefined {
    if (tags === undefined) return opts;
    const addTags: pulumi.ResourceTransformation = ({ type, props, opts: given }) => {
        if (!taggedTypes.has(type)) return undefined;
        const own = (props as TagArgs).tags ?? {};
        return {
            props: { ...props, tags: pulumi.all([tags, own]).apply(([all, one]) => ({ ...all, ...one })) },
            opts: given,
        };
    };
    return { ...opts, transformations: [...(opts?.transformations ?? []), addTags] };
}
