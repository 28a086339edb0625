import { policyDocument } from "../aws/policyDocument";
import { runBatchStatement } from "./batchRole";
import { type BuildRoleScope, buildStatements } from "./buildRolePolicy";

/**
 * The permissions boundary of the roles of builds, where updates in CodeBuild make them: whatever such a role is given, it ends at what
 * builds may do. Updates build as well, so the policy is also one of theirs.
 *
 * @param batchProjectArn the project whose batches a further role starts; undefined where there are none
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
 */
export function buildBoundary(scope: BuildRoleScope, batchProjectArn?: string): string {
    return policyDocument([
        ...buildStatements(scope),
        ...(batchProjectArn === undefined ? [] : [runBatchStatement(batchProjectArn)]),
    ]);
}
