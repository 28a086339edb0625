import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Login to a registry, in the shape of docker-build's `registries`. */
export interface RegistryCredentials {
    /** Host of the registry, or the URL of a repository in it. */
    address: pulumi.Input<string>;
    /** User name, `AWS` for ECR. */
    username: pulumi.Input<string>;
    /** Password, a secret; of ECR a token that is valid for twelve hours. */
    password: pulumi.Input<string>;
}

/** Login that was asked for. */
export interface RegistryLogin extends RegistryCredentials {
    address: pulumi.Output<string>;
    username: pulumi.Output<string>;
    password: pulumi.Output<string>;
}

/**
 * Makes a fresh login for the registry of a repository. It never shows as a difference, and expires before most stacks are refreshed or
 * destroyed. Run those commands with `--run-program`, which asks for a new login (pulumi-docker-build #121, #424).
 */
export function registryCredentials(
    repositoryUrl: pulumi.Output<string>,
    registryId: pulumi.Output<string>,
    options: pulumi.InvokeOutputOptions,
): RegistryLogin {
    const token = aws.ecr.getAuthorizationTokenOutput({ registryId }, options);
    return {
        address: repositoryUrl,
        username: token.userName,
        password: pulumi.secret(token.password),
    };
}
