import * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import type { ExistingNetwork } from "./ecsTargetArgs";

/** Where the service runs. */
export interface EcsNetwork {
    /** The VPC. */
    vpcId: pulumi.Input<string>;
    /** Subnets of the tasks. */
    taskSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Subnets of the load balancer. */
    loadBalancerSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * The network that is given, or a VPC with two Availability Zones: the load balancer in public subnets, the tasks in private
 * ones behind one NAT gateway.
 */
export function ecsNetwork(
    name: string,
    existing: ExistingNetwork | undefined,
    options: pulumi.ComponentResourceOptions,
): EcsNetwork {
    if (existing !== undefined) return { loadBalancerSubnetIds: [], ...existing };
    const vpc = new awsx.ec2.Vpc(
        `${name}-vpc`,
        {
            numberOfAvailabilityZones: 2,
            enableDnsHostnames: true,
            subnetStrategy: "Auto",
            // One for each zone would double its price; an outage of its zone only stops new tasks of the other one from starting.
            natGateways: { strategy: "Single" },
        },
        options,
    );
    return {
        vpcId: vpc.vpcId,
        taskSubnetIds: vpc.privateSubnetIds,
        loadBalancerSubnetIds: vpc.publicSubnetIds,
    };
}
