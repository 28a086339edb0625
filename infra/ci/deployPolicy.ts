import { policyDocument } from "../aws/policyDocument";
import { type Ec2DeployScope, ec2DeployStatements } from "../release/ec2/ec2DeployStatements";
import { type EcsDeployScope, ecsDeployStatements } from "../release/ecs/ecsDeployStatements";
import { type LambdaDeployScope, lambdaDeployStatements } from "../release/lambda/lambdaDeployStatements";
import { type ReleaseScope, releaseStatements } from "../release/releaseStatements";
import { type PromotionScope, promotionStatements } from "./promotionStatements";

/** Resources that a deploy role is bound to. */
export interface DeployScope {
    /** Record of the releases. */
    release: ReleaseScope;
    /** Instances that receive deploys. @default - none */
    ec2?: Ec2DeployScope;
    /** Service that receives deploys. @default - none */
    ecs?: EcsDeployScope;
    /** Function that receives deploys. @default - none */
    lambda?: LambdaDeployScope;
    /** Environment whose releases are promoted to this one. @default - none */
    promotion?: PromotionScope;
}

/** Renders the permissions of jobs that deploy, as JSON: those that the scripts of `deploy/` need for the existing targets. */
export function deployPolicy({ release, ec2, ecs, lambda, promotion }: DeployScope): string {
    return policyDocument([
        ...releaseStatements(release),
        ...(ec2 === undefined ? [] : ec2DeployStatements(ec2)),
        ...(ecs === undefined ? [] : ecsDeployStatements(ecs)),
        ...(lambda === undefined ? [] : lambdaDeployStatements(lambda)),
        ...(promotion === undefined ? [] : promotionStatements(promotion)),
    ]);
}
