import * as path from "node:path";
import { z } from "zod";
import { readJsonFile, writeJsonFile } from "../../machine/jsonFile";
import { worldDirectory } from "../../paths";
import type { ContainerHost } from "../container-host";
import type { World } from "../services";
import { hostSettings } from "./ec2Settings";

/** Second environment, which receives images by digest. */
export const production = {
    /** Name of its stack. */
    stack: "local-prod",
    instanceId: "i-0123456789abcdef1",
    /** Tag that selects its instance, Ec2Target's default. */
    instanceTags: { Deploy: "cached-image-pipeline-local-prod" },
    /** Name of the secret with the application's settings. */
    secretName: "cached-image-pipeline/local-prod",
};

/** Repository at the fictitious Git host; a folder of this machine stands for it. */
export const repository = "local/cached-image-pipeline";

/** Makes the ARN of the connection to the fictitious Git host. */
export function connectionArn({ region, accountId }: Pick<World, "region" | "accountId">): string {
    return `arn:aws:codeconnections:${region}:${accountId}:connection/11111111-2222-3333-4444-555555555555`;
}

/** Makes the setting by which stack `local` has a delivery pipeline to the second environment. */
export function pipelineSettings(world: World): Record<string, unknown> {
    return {
        delivery: {
            source: { connectionArn: connectionArn(world), repository },
            target: "ec2",
            promoteTo: [{ environment: production.stack, target: "ec2" }],
        },
    };
}

/**
 * Makes the settings of the second environment: it receives images of stack `local` from its repository.
 *
 * @param outputs outputs of stack `local`
 */
export function productionSettings(
    host: ContainerHost,
    databaseImage: string,
    outputs: Record<string, unknown>,
): Record<string, unknown> {
    const repositoryUrl = String(outputs.repositoryUrl);
    return {
        image: { source: "digest" },
        imageDigest: outputs.imageDigest,
        repositoryName: repositoryUrl.slice(repositoryUrl.indexOf("/") + 1),
        existingRepositories: true,
        deliveredBy: { environment: "local" },
        ...hostSettings(host, databaseImage),
    };
}

const choiceSchema = z.object({ hasPipeline: z.literal(true) });

const choiceFile = () => path.join(worldDirectory(), "pipeline.json");

/** Remembers that stack `local` has a pipeline from now on. */
export function choosePipeline(): Promise<void> {
    return writeJsonFile(choiceFile(), { hasPipeline: true });
}

/** Tells whether stack `local` has a pipeline: since the first `npm run pipeline`. */
export async function hasPipeline(): Promise<boolean> {
    return (await readJsonFile(choiceFile(), choiceSchema)) !== undefined;
}
