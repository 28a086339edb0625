import type { PlainAccount } from "./resourceArns";

/** A VPC that builds run in, by ARNs. */
export type NetworkAccess = NonNullable<ReturnType<typeof networkAccess>>;

/** Lists a VPC's subnets and security groups as ARNs for a policy, and the network interfaces that may be created in them. */
export function networkAccess(
    network: { subnets: string[]; securityGroupIds: string[] } | undefined,
    { partition, region, accountId }: PlainAccount,
) {
    if (network === undefined) return undefined;
    const arn = (resource: string) => `arn:${partition}:ec2:${region}:${accountId}:${resource}`;
    return {
        /** Pattern of the ARNs of the account's network interfaces in the region. */
        networkInterfaceArns: arn("network-interface/*"),
        subnetArns: network.subnets.map((id) => arn(`subnet/${id}`)),
        securityGroupArns: network.securityGroupIds.map((id) => arn(`security-group/${id}`)),
    };
}
