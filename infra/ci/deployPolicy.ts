import { policyDocument } from "../aws/policyDocument";
import { type Ec2DeployScope, ec2DeployStatements } from "../release/ec2/ec2DeployStatements";
import { type EcsDeployScope, ecsDeployStatements } from "../release/ecs/ecsDeployStatements";
import { type LambdaDeployScope, lambdaDeployStatements } from "../release/lambda/lambdaDeployStatements";
import { type ReleaseScope, releaseStatements } from "../release/releaseStatements";
import { type PromotionScope, promotionStatements } from "./promotionStatements";

/** What a deploy role is bound to. */
export interface DeployScope {
    /** The release record. */
    release: ReleaseScope;
    /** The instances that are deployed to. @default - none */
    ec2?: Ec2DeployScope;
    /** The service that is deployed to. @default - none */
    ecs?: EcsDeployScope;
    /** The function that is deployed to. @default - none */
    lambda?: LambdaDeployScope;
    /** The environment whose releases are promoted to this one. @default - none */
    promotion?: PromotionScope;
}

/** What the jobs that deploy may do, as JSON: what the scripts of `deploy/` need for the targets that there are. */
export function deployPolicy({ release, ec2, ecs, lambda, promotion }: DeployScope): string {
    return policyDocument([
        ...releaseStatements(release),
        ...(ec2 === undefined ? [] : ec2DeployStatements(ec2)),
        ...(ecs === undefined ? [] : ecsDeployStatements(ecs)),
        ...(lambda === undefined ? [] : lambdaDeployStatements(lambda)),
        ...(promotion === undefined ? [] : promotionStatements(promotion)),
    ]);
}
