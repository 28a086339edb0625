import type { Properties } from "./fields";
import { withoutEmpty } from "./propertyValues";

/** Configuration of pulumi-aws without an effect on this provider. */
const withoutEffect: ReadonlySet<string> = new Set([
    "skipCredentialsValidation",
    "skipMetadataApiCheck",
    "skipRegionValidation",
    "skipRequestingAccountId",
    "version",
]);

/**
 * Finds a fault in a provider's configuration (stack configuration `aws:*` or `new aws.Provider`), as one sentence.
 *
 * @param region the one Region that is allowed
 */
export function providerConfigurationProblem(configuration: Properties, region: string): string | undefined {
    const given = withoutEmpty(configuration);
    if (given.region !== undefined && given.region !== region) {
        return `aws:region is ${JSON.stringify(given.region)}, but the local aws provider runs in ${region}; set aws:region to ${region}.`;
    }
    const unsupported = Object.keys(given).filter((name) => name !== "region" && !withoutEffect.has(name));
    if (unsupported.length === 0) return undefined;
    return `The local aws provider does not support the configuration aws:${unsupported.join(", aws:")}; leave it out of this stack.`;
}
