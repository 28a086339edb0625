import * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import type { ExistingNetwork } from "./ecsTargetArgs";

/** Network of the service. */
export interface EcsNetwork {
    /** Id of the VPC. */
    vpcId: pulumi.Input<string>;
    /** Subnets of the tasks. */
    taskSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Subnets of the load balancer. */
    loadBalancerSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Returns the given network, or creates a VPC with two Availability Zones. The load balancer gets public subnets, the tasks get private
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
            // A gateway for each zone would double the price. An outage of its zone only keeps the other zone from starting tasks.
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
