import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { EcsNetwork } from "./ecsNetwork";

/** Settings of the load balancer in front of a service. */
export interface EcsLoadBalancerArgs {
    /** Path that answers 200 when a task can serve. */
    healthCheckPath: string;
    /** Certificate for HTTPS. @default - HTTP only */
    certificateArn?: pulumi.Input<string>;
}

/** Load balancer in front of a service, with the values that the service needs. */
export interface EcsLoadBalancer {
    /** Target group that the tasks join. */
    targetGroupArn: pulumi.Input<string>;
    /** Security group of the load balancer. */
    securityGroupId: pulumi.Input<string>;
    /** Address that users call. */
    url: pulumi.Input<string>;
    /** Resources that must exist before a service may use the target group. */
    dependsOn: pulumi.Resource[];
}

/** Creates a public application load balancer; with a certificate it serves HTTPS and redirects HTTP to HTTPS. */
export function createLoadBalancer(
    name: string,
    args: EcsLoadBalancerArgs,
    network: EcsNetwork,
    options: pulumi.ComponentResourceOptions,
): EcsLoadBalancer {
    const securityGroup = new aws.ec2.SecurityGroup(
        `${name}-lb-group`,
        { description: "Load balancer of the service", vpcId: network.vpcId },
        options,
    );
    for (const port of args.certificateArn === undefined ? [80] : [80, 443]) {
        new aws.vpc.SecurityGroupIngressRule(
            `${name}-lb-from-internet-${port}`,
            {
                description: "Users",
                securityGroupId: securityGroup.id,
                ipProtocol: "tcp",
                fromPort: port,
                toPort: port,
                cidrIpv4: "0.0.0.0/0",
            },
            options,
        );
    }
    const balancer = new awsx.lb.ApplicationLoadBalancer(
        `${name}-lb`,
        {
            subnetIds: network.loadBalancerSubnetIds,
            securityGroups: [securityGroup.id],
            dropInvalidHeaderFields: true,
            listeners: listeners(args.certificateArn),
            defaultTargetGroup: {
                vpcId: network.vpcId,
                // A default that nothing uses: ECS registers each task with its own port. Another one here would replace the group.
                port: 80,
                protocol: "HTTP",
                targetType: "ip",
                // ECS waits as long before it stops the tasks of the release before.
                deregistrationDelay: 30,
                healthCheck: {
                    path: args.healthCheckPath,
                    matcher: "200",
                    interval: 10,
                    timeout: 5,
                    healthyThreshold: 2,
                    unhealthyThreshold: 3,
                },
            },
        },
        options,
    );
    const scheme = args.certificateArn === undefined ? "http" : "https";
    return {
        targetGroupArn: balancer.defaultTargetGroup.arn,
        securityGroupId: securityGroup.id,
        url: pulumi.interpolate`${scheme}://${balancer.loadBalancer.dnsName}`,
        dependsOn: [balancer],
    };
}

/** Makes the listeners; awsx lets a listener without actions forward to the default target group. */
function listeners(certificateArn: pulumi.Input<string> | undefined): awsx.types.input.lb.ListenerArgs[] {
    if (certificateArn === undefined) return [{ port: 80, protocol: "HTTP" }];
    const redirect = { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" };
    return [
        { port: 80, protocol: "HTTP", defaultActions: [{ type: "redirect", redirect }] },
        { port: 443, protocol: "HTTPS", certificateArn, sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
    ];
}
