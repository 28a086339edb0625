import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Location of the stack's resources. ARNs are built from these values, so no partition or region stands in the code. */
export interface Account {
    /** `aws`, `aws-cn`, `aws-us-gov`. */
    partition: pulumi.Output<string>;
    /** For example `eu-central-1`. */
    region: pulumi.Output<string>;
    /** Twelve digits. */
    accountId: pulumi.Output<string>;
}

/** Reads the account and region of the provider that `options` select. */
export function currentAccount(options: pulumi.InvokeOutputOptions): Account {
    return {
        partition: aws.getPartitionOutput({}, options).partition,
        region: aws.getRegionOutput({}, options).region,
        accountId: aws.getCallerIdentityOutput({}, options).accountId,
    };
}
