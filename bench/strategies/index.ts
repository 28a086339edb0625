import { ours } from "./ours";
import { carriedDirectories, inlineCache, lastTag, noCache, registryMaximum, registryMinimum } from "./published";
import type { Strategy } from "./strategy";

export { defaultBranch, ours } from "./ours";
export { lastTag, noCache } from "./published";
export type { Command, ImageRequest, Strategy } from "./strategy";

/** All strategies, in the order of the tables. */
export const strategies: Strategy[] = [
    noCache,
    lastTag,
    inlineCache,
    registryMinimum,
    registryMaximum,
    carriedDirectories,
    ours,
];
