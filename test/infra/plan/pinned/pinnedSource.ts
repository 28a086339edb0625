import * as path from "node:path";
import { createHash } from "node:crypto";
import { contextEntries } from "../../../../infra/plan/buildContext";
import { addArguments, addEntries, addField } from "../../../../infra/plan/contentFields";
import type { PinnedStage } from "../../../../infra/plan/pinned/pinnedStages";
import type { PinnedSource } from "../../../../infra/plan/pinned/pinnedSource";
import { writeStageFiles } from "../../../../infra/plan/pinned/stageFiles";

/** Makes the source of the pinned stage `deps` of an image: a context with its Dockerfile. */
export function pinnedSource(context: string, extra: Partial<PinnedSource> = {}): PinnedSource {
    return {
        context,
        dockerfile: path.join(context, "Dockerfile"),
        pinnedStages: [{ name: "deps" }],
        buildArgs: {},
        platforms: ["linux/amd64"],
        platform: "linux/amd64",
        buildPlatform: "linux/amd64",
        rebuildKey: "",
        compression: "zstd",
        ...extra,
    };
}

/** Renders the inputs of a pinned stage's build, for comparison: texts, arguments, and the files that its ignore file lets through. */
export function inputsOf(stage: PinnedStage, { context, platform }: PinnedSource): string {
    const hash = createHash("sha256");
    const file = writeStageFiles(path.join(context, "../stage", stage.tag), stage);
    addField(hash, "dockerfile", stage.dockerfile);
    addField(hash, "platform", platform);
    addArguments(hash, stage.buildArgs);
    addEntries(hash, contextEntries(context, file));
    return hash.digest("hex");
}
