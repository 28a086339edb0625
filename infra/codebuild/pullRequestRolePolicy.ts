import { policyDocument } from "../aws/policyDocument";
import { pullActions } from "../aws/registryActions";
import { repositoryResources } from "../aws/repositoryResources";
import type { BuildRoleScope } from "./buildRolePolicy";
import {
    buildToolsStatement,
    keyStatements,
    logIn,
    logStatement,
    networkStatements,
    proofResources,
    reportStatements,
    sourceStatements,
    whenAny,
} from "./roleStatements";

/** Resources that the role of pull requests is bound to: those of builds without secrets and parameters. */
export type PullRequestScope = Omit<BuildRoleScope, "secretArns" | "parameterArns">;

/**
 * Renders the permissions of a pull request's build: to pull, fetch its source and its tools, read proofs, and write its own log. The
 * policy is also the role's permissions boundary, so a policy attached later gives neither pushes nor secrets nor parameters.
 *
 * The first pull of a new tag of a base image imports it into an existing repository of a pull-through cache. A new repository there waits
 * for a trusted build.
 */
export function pullRequestRolePolicy(scope: PullRequestScope): string {
    return policyDocument([
        logIn,
        { Sid: "PullImagesAndCache", Action: pullActions, Resource: repositoryResources(scope.repositoryArns) },
        ...whenAny(scope.baseRepositoryArns, {
            Sid: "PullBaseImages",
            Action: [...pullActions, "ecr:BatchImportUpstreamImage"].sort(),
        }),
        logStatement(scope),
        ...reportStatements(scope),
        ...sourceStatements(scope.source),
        ...networkStatements(scope.network),
        buildToolsStatement(scope.bucketArn, scope.objectKeys),
        {
            Sid: "ReadProofs",
            Action: "s3:GetObject",
            Resource: proofResources(scope.bucketArn, scope.repositoryArns),
        },
        ...keyStatements(scope.kmsKeyArn, "read"),
    ]);
}
