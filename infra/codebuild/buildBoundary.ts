import { policyDocument } from "../aws/policyDocument";
import { runBatchStatement } from "./batchRole";
import { type BuildRoleScope, buildStatements } from "./buildRolePolicy";

/**
 * Renders the permissions boundary of build roles that updates in CodeBuild create: no policy gives such a role more than builds may do.
 * Updates build as well, so the policy is also attached to their role.
 *
 * @param batchProjectArn the project whose batches a further role starts; undefined without batches
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
export function buildBoundary(scope: BuildRoleScope, batchProjectArn?: string): string {
    return policyDocument([
        ...buildStatements(scope),
        ...(batchProjectArn === undefined ? [] : [runBatchStatement(batchProjectArn)]),
    ]);
}
