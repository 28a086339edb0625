import type { ResourceType, ResourceTypes } from "./resourceType";
import { cloudwatchResources } from "./resources/cloudwatch";
import { codebuildResources } from "./resources/codebuild";
import { codepipelineResources } from "./resources/codepipeline";
import { ecrResources } from "./resources/ecr";
import { iamResources } from "./resources/iam";
import { s3Resources } from "./resources/s3";
import { secretsmanagerResources } from "./resources/secretsmanager";
import { ssmResources } from "./resources/ssm";

/** Resource types that the provider supports, by token. */
export const resourceTypes: ResourceTypes = {
    ...cloudwatchResources,
    ...codebuildResources,
    ...codepipelineResources,
    ...ecrResources,
    ...iamResources,
    ...s3Resources,
    ...secretsmanagerResources,
    ...ssmResources,
};

/**
 * Finds a resource type.
 *
 * @param token Pulumi type token, for example `aws:ecr/repository:Repository`
 * @throws Error naming the token when it is not supported
 */
export function resourceTypeOf(token: string): ResourceType {
    const found = resourceTypes[token];
    if (found === undefined) {
        throw new Error(
            `The local aws provider does not support the resource type ${token}; ` +
                `add it to local/aws/provider/resources or leave the resource out of this stack.`,
        );
    }
    return found;
}
