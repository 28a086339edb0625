import { z } from "zod";
import { Severity } from "../buildTools/severity";
import { TargetKind } from "../delivery/deliveryPipelineArgs";
import { connection } from "./codebuildSettings";
import { repositoryName } from "./repositoryName";
import { accountId, stackName } from "./targetSettings";

const target = z.enum(TargetKind);
const patterns = z.array(z.string().min(1, "a pattern")).min(1, "at least one pattern");

/** Schema of the repository that a delivery pipeline releases; see DeliverySource. */
const deliverySource = z.strictObject({
    connectionArn: connection,
    repository: z.string().regex(/^[^/\s]+(\/[^/\s]+)+$/, "owner/name"),
    branch: z.string().min(1, "a branch").optional(),
    paths: patterns.optional(),
    tags: patterns.optional(),
});

/** Schema of the delivery pipeline; see DeliveryPipelineArgs. */
export const delivery = z.strictObject({
    source: deliverySource,
    target,
    scanLimit: z.enum(Severity).optional(),
    scanAllowList: z.string().min(1, "a file of the repository").optional(),
    queued: z.boolean("true or false").default(false),
    promoteTo: z
        .array(
            z.strictObject({
                environment: stackName,
                target,
                accountId: accountId.optional(),
                repositoryName: repositoryName.optional(),
            }),
        )
        .default([]),
});

/** Schema of the pipeline that releases to this environment; see DeliveringPipeline. */
export const deliveredBy = z.strictObject({ environment: stackName, accountId: accountId.optional() });
