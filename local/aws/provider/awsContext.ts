import * as fs from "node:fs";
import * as path from "node:path";
import { createAwsClients } from "./awsClients";
import type { AwsContext } from "./resourceType";
import type { Settings } from "./settings";

/** Part of botocore's `endpoints.json` that is read. */
interface Endpoints {
    partitions: {
        partition: string;
        dnsSuffix: string;
        regionRegex: string;
        regions: Record<string, { description: string }>;
    }[];
}

/**
 * Makes the context that resources and functions work with.
 *
 * @throws Error when AWS has no such Region
 */
export function createAwsContext(settings: Settings): AwsContext {
    const { region, apiModels } = settings;
    const { partitions } = JSON.parse(fs.readFileSync(path.join(apiModels, "endpoints.json"), "utf8")) as Endpoints;
    const found = partitions.find((candidate) => new RegExp(candidate.regionRegex).test(region));
    if (found === undefined)
        throw new Error(`AWS_REGION "${region}" is not a Region of AWS; use one such as us-east-1.`);
    return {
        clients: createAwsClients(settings),
        region,
        partition: found.partition,
        dnsSuffix: found.dnsSuffix,
        regionDescription: found.regions[region]?.description ?? region,
    };
}
