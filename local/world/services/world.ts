import * as fs from "node:fs";
import { z } from "zod";
import { worldDirectory } from "../../paths";
import { readJsonFile } from "../../machine/jsonFile";
import { worldLayout } from "./layout";
import { runningRecord } from "./records";

/** Schema of services.json. */
export const worldSchema = z.object({
    /** Endpoint of every AWS service: the gateway, such as `http://127.0.0.1:4567`. */
    endpoint: z.string(),
    /** Host and port of the registry, the first part of an image reference. */
    registry: z.string(),
    /** Builder of buildx to build with. */
    builder: z.string(),
    region: z.string(),
    /** Account id of 12 digits. */
    accountId: z.string(),
    /** Access key of the emulated account's administrator. */
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    /** Folder that knows the builder, BUILDX_CONFIG. */
    buildxConfig: z.string(),
    /** Folder of Docker's configuration, DOCKER_CONFIG. */
    dockerConfig: z.string(),
    /** Address of BuildKit; absent for a builder that BUILDX_BUILDER named. */
    buildkitAddress: z.string().optional(),
    /** File with the registry's TLS certificate, for clients that ask by https. */
    certificate: z.string(),
    /** Port on 127.0.0.1 of the `aws` provider, for PULUMI_DEBUG_PROVIDERS. */
    awsProviderPort: z.number(),
});

/** Addresses and credentials of the running offline world. */
export type World = z.infer<typeof worldSchema>;

/** Place of the emulated account, and its administrator. */
export type AccountAccess = Pick<World, "endpoint" | "region" | "accessKeyId" | "secretAccessKey">;

/** Makes the settings of AWS clients that act as the account's administrator. */
export function administratorSettings({ endpoint, region, accessKeyId, secretAccessKey }: AccountAccess) {
    return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

/**
 * Reads the description of the offline world of worldDirectory().
 *
 * @throws one sentence when it is not running or its description is damaged
 */
export async function readWorld(): Promise<World> {
    const layout = worldLayout(worldDirectory());
    const world = await readJsonFile(layout.services, worldSchema);
    if (world === undefined) {
        const reason = fs.existsSync(layout.services)
            ? `${layout.services} is damaged`
            : `No offline world is running in ${layout.folder}`;
        throw new Error(`${reason}; run \`npm start\` first.`);
    }
    for (const service of ["ministack", "gateway", "aws-provider"] as const) {
        if ((await runningRecord(layout, service)) === undefined) {
            throw new Error(`${service} of the offline world in ${layout.folder} has ended; run \`npm start\` first.`);
        }
    }
    return world;
}
