import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Where the stack's resources live; ARNs are built from it, so that no partition or region is ever written into the code. */
export interface Account {
    /** `aws`, `aws-cn`, `aws-us-gov`. */
    partition: pulumi.Output<string>;
    /** For example `eu-central-1`. */
    region: pulumi.Output<string>;
    /** Twelve digits. */
    accountId: pulumi.Output<string>;
}

/** The account and region of the provider that `options` lead to. */
export function currentAccount(options: pulumi.InvokeOutputOptions): Account {
    return {
        partition: aws.getPartitionOutput({}, options).partition,
        region: aws.getRegionOutput({}, options).region,
        accountId: aws.getCallerIdentityOutput({}, options).accountId,
    };
}
