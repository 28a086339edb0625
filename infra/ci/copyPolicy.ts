import { policyDocument, type Statement } from "../aws/policyDocument";
import { pullActions, pushActions } from "../aws/registryActions";
import { unscopedStatement } from "../aws/unscopedActions";
import { buildProjectName, type StackNames } from "../codebuild/projectNames";
import { type ProofPlace, promotionStatements } from "./promotionStatements";

/** Names the role of jobs that copy images to another account. The name is fixed, since the repository there admits the role. */
export function copyRoleName(stack: StackNames): string {
    return `${buildProjectName(stack)}-copy`;
}

/** Resources of copies from this environment. */
export interface CopyScope {
    /** ARN of the parameter that records this environment's releases. */
    releaseParameterArn: string;
    /** Proofs of this environment's builds. */
    proofs: ProofPlace;
    /** ARN of the repository that images come from. */
    repositoryArn: string;
    /** ARN of the repository that images are copied to. @default - none; they stay where they are */
    copyToArn?: string;
}

/** Lists the permissions to check that this environment built and released an image, and to copy it. */
export function copyStatements({ releaseParameterArn, proofs, repositoryArn, copyToArn }: CopyScope): Statement[] {
    return [
        ...promotionStatements({ parameterArn: releaseParameterArn, proofs }),
        ...(copyToArn === undefined
            ? [{ Sid: "FindImages", Action: "ecr:DescribeImages", Resource: repositoryArn }]
            : [
                  unscopedStatement("LogIn", ["ecr:GetAuthorizationToken"]),
                  { Sid: "ReadImages", Action: ["ecr:DescribeImages", ...pullActions], Resource: repositoryArn },
                  { Sid: "CopyImages", Action: ["ecr:DescribeImages", ...pushActions], Resource: copyToArn },
              ]),
    ];
}

/** Renders the permissions of jobs that copy this environment's releases to a repository of another account, as JSON. */
export function copyPolicy(scope: CopyScope): string {
    return policyDocument(copyStatements(scope));
}
