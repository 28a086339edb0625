import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { currentAccount } from "../aws/account";
import { policyDocument, statementsOf } from "../aws/policyDocument";
import { roleArn } from "../aws/resourceArns";
import { type TagArgs, withTags } from "../aws/tags";
import { createDeployEnvironment } from "./deployEnvironmentParameter";
import { deliveryRoleName, promoteProjectName } from "./deliveryNames";
import { deliveryTrustPolicy, deployEnvironmentStatement } from "./deliveryPolicies";

/** Pipeline that releases to an environment. */
export interface DeliveringPipeline {
    /** Name of the environment that has the pipeline: its stack, with the same Pulumi project. */
    environment: string;
    /** Account of that environment. @default - that of the stack */
    accountId?: string;
}

/** Arguments of {@link DeliveryEnvironment}. */
export interface DeliveryEnvironmentArgs extends TagArgs {
    /** Name of the application, first part of the names of projects, roles and parameters. */
    application: string;
    /** Name of the environment, second part of these names. */
    environment: string;
    /** Pipeline that releases here. */
    deliveredBy: DeliveringPipeline;
    /** Values of this environment's deploys: lines `NAME=value`, as the output `deployEnv` has them. */
    deployEnvironment: pulumi.Input<string>;
    /** Policy of this environment's deploys, as JSON text: {@link deployPolicy}. */
    deployPolicy: pulumi.Input<string>;
}

/** Environment that the pipeline of another one releases to, in the same account or in another one: a role that only that pipeline assumes. */
export class DeliveryEnvironment extends pulumi.ComponentResource {
    /** ARN of the role of releases. */
    readonly roleArn: pulumi.Output<string>;

    constructor(name: string, args: DeliveryEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:DeliveryEnvironment", name, {}, withTags(opts, args));

        const parameter = createDeployEnvironment(name, args, { parent: this });
        const role = this.createRole(name, args, parameter);

        this.roleArn = role.arn;
        this.registerOutputs({ roleArn: this.roleArn });
    }

    private createRole(
        name: string,
        { deliveredBy, deployPolicy, ...stack }: DeliveryEnvironmentArgs,
        parameter: aws.ssm.Parameter,
    ): aws.iam.Role {
        const sender = { application: stack.application, environment: deliveredBy.environment };
        const assumeRolePolicy = pulumi.output(currentAccount({ parent: this })).apply((account) => {
            const owner = { ...account, accountId: deliveredBy.accountId ?? account.accountId };
            return deliveryTrustPolicy(roleArn(promoteProjectName(sender, stack.environment), owner));
        });
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: deliveryRoleName(stack),
                description: `Releases of the pipeline of ${deliveredBy.environment}`,
                assumeRolePolicy,
            },
            { parent: this },
        );
        const policy = pulumi
            .all([deployPolicy, parameter.arn])
            .apply(([policy, arn]) => policyDocument([...statementsOf(policy), deployEnvironmentStatement(arn)]));
        new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy }, { parent: this });
        return role;
    }
}
