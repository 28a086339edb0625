import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { StackNames } from "../codebuild/projectNames";
import { deployEnvironmentParameterName } from "./deliveryNames";

/** Creates the parameter that tells pipelines the values of an environment's deploys. */
export function createDeployEnvironment(
    name: string,
    args: StackNames & { deployEnvironment: pulumi.Input<string> },
    options: pulumi.CustomResourceOptions,
): aws.ssm.Parameter {
    return new aws.ssm.Parameter(
        `${name}-deploy-env`,
        {
            name: deployEnvironmentParameterName(args),
            type: "String",
            // Several images may exceed the 4 KB of a standard parameter.
            tier: "Intelligent-Tiering",
            description: "Values of deploys, for delivery pipelines",
            insecureValue: args.deployEnvironment,
        },
        options,
    );
}
