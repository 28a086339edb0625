import { createHash } from "node:crypto";
import { isUnknown, unknownValue } from "./propertyValues";
import type { Properties, PropertyValue } from "./fields";
import type { AutoName } from "./resourceType";

/** Key under which pulumi-aws, like every bridged provider, records the inputs that it chose itself. */
const chosenInputs = "__defaults";

/** Tells whether the provider, not the program, chose an input. */
export function isChosen(inputs: Properties, property: string): boolean {
    const names = inputs[chosenInputs];
    return Array.isArray(names) && names.includes(property);
}

/**
 * Adds a physical name to inputs when the program gives none; a name chosen before stays.
 *
 * @param seed random bytes of the engine: the same in preview and update of one run
 * @param oldInputs inputs of the last run, empty for a new resource or a replacement
 */
export function withAutoName(
    rule: AutoName | undefined,
    logicalName: string,
    seed: Uint8Array,
    inputs: Properties,
    oldInputs: Properties,
): Properties {
    if (rule === undefined || inputs[rule.property] !== undefined) return inputs;
    const old = isChosen(oldInputs, rule.property) ? oldInputs[rule.property] : undefined;
    return {
        ...inputs,
        [rule.property]: old ?? newName(rule, logicalName, seed, inputs),
        [chosenInputs]: [rule.property],
    };
}

function newName(rule: AutoName, logicalName: string, seed: Uint8Array, inputs: Properties): PropertyValue {
    if (rule.unique === false) return logicalName;
    const prefix = rule.prefixProperty === undefined ? undefined : inputs[rule.prefixProperty];
    if (prefix !== undefined && isUnknown(prefix)) return unknownValue;
    const digits = createHash("sha256").update(logicalName).update(seed).digest("hex").slice(0, 7);
    const stem = typeof prefix === "string" ? prefix : `${logicalName}-`;
    const name = stem.slice(0, rule.maxLength - digits.length) + digits;
    return rule.lowerCase ? name.toLowerCase() : name;
}
