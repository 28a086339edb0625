import { ours, oursInLayers, strategies } from "../strategies";

/** Names of the strategies that a report compares. */
export interface Sides {
    /** Name of our strategy. */
    ours: string;
    /** Name of our strategy with packages spread over layers. */
    layers: string;
    /** Names of the published strategies. */
    published: string[];
}

/** Sides of the measured strategies. */
export const sides: Sides = {
    ours: ours.name,
    layers: oursInLayers.name,
    published: strategies.filter(({ writeUp }) => writeUp !== undefined).map(({ name }) => name),
};
