import * as pulumi from "@pulumi/pulumi";

/**
 * Lets the CodeBuild projects below a component wait for resources; their roles do not wait. CodeBuild checks a connection by the role at
 * once, and IAM makes a new role known while the images are pushed.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/transformations/
 */
export function projectsAfter(resources: pulumi.Resource[]): pulumi.ResourceTransformation {
    return ({ type, props, opts }) =>
        type === "aws:codebuild/project:Project"
            ? { props, opts: pulumi.mergeOptions(opts, { dependsOn: resources }) }
            : undefined;
}
