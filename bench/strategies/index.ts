import { ours, oursInLayers } from "./ours";
import { carriedDirectories, inlineCache, lastTag, noCache, registryMaximum, registryMinimum } from "./published";
import type { Strategy } from "./strategy";

export { defaultBranch, ours, oursInLayers } from "./ours";
export { lastTag, noCache } from "./published";
export { type Command, describeStrategy, type ImageRequest, type Strategy } from "./strategy";
export { citation, writeUps } from "./writeUps";

/** List of all strategies, in the order of the tables. */
export const strategies: Strategy[] = [
    noCache,
    lastTag,
    inlineCache,
    registryMinimum,
    registryMaximum,
    carriedDirectories,
    ours,
    oursInLayers,
];
