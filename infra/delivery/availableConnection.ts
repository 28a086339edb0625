import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Returns the ARN of a connection that can be used. @throws pulumi.RunError as {@link requireAvailable} */
export function availableConnection(
    arn: pulumi.Input<string>,
    options: pulumi.InvokeOutputOptions,
): pulumi.Output<string> {
    const { connectionStatus } = aws.codestarconnections.getConnectionOutput({ arn }, options);
    return pulumi.all([arn, connectionStatus]).apply(([known, status]) => requireAvailable(known, status));
}

/**
 * Returns the ARN of a connection with a status that lets it be used. A new connection is PENDING until somebody hands it over to the Git
 * host, and the first execution of a pipeline with it would fail.
 *
 * @throws pulumi.RunError for any other status, before the pipeline is created
 * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
 */
export function requireAvailable(arn: string, status: string): string {
    if (status === "AVAILABLE") return arn;
    throw new pulumi.RunError(
        `The connection ${arn} is ${status}; allowed: AVAILABLE. Finish its set-up in the console, under Connections.`,
    );
}
