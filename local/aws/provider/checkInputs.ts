import { isUnknown } from "./propertyValues";
import { type Field, type Fields, isProperties, type PropertyValue } from "./fields";

/** Wrong property of the program, as Pulumi's Check reports it. */
export interface InputProblem {
    /** Path of the property, for example `environment.image`. */
    property: string;
    /** Fault in one sentence. */
    reason: string;
}

/**
 * Finds properties that are unknown, missing or of the wrong type. Names beginning with `__` are Pulumi's own.
 *
 * @param where path of the object that holds the properties, empty for the resource itself
 */
export function inputProblems(fields: Fields, inputs: Record<string, PropertyValue>, where = ""): InputProblem[] {
    const at = (name: string) => (where === "" ? name : `${where}.${name}`);
    const unknown = Object.keys(inputs)
        .filter((name) => fields[name] === undefined && !name.startsWith("__"))
        .map((name) => ({
            property: at(name),
            reason:
                `the local aws provider does not support the property ${at(name)}; ` +
                `it supports ${Object.keys(fields).sort().join(", ")}.`,
        }));
    const wrong = Object.entries(fields).flatMap(([name, field]) => fieldProblems(field, inputs[name], at(name)));
    return [...unknown, ...wrong];
}

function fieldProblems(field: Field, value: PropertyValue, where: string): InputProblem[] {
    if (value === undefined || value === null) {
        return field.required ? [{ property: where, reason: `the property ${where} is required.` }] : [];
    }
    if (isUnknown(value)) return [];
    const [kind, isOfKind] = kinds[field.kind];
    if (!isOfKind(value)) return [{ property: where, reason: `the property ${where} must be ${kind}.` }];
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => itemProblems(field, item, `${where}[${index}]`));
    }
    return field.kind === "object" && isProperties(value) ? inputProblems(field.fields ?? {}, value, where) : [];
}

function itemProblems(field: Field, item: PropertyValue, where: string): InputProblem[] {
    if (isUnknown(item)) return [];
    if (field.fields === undefined) {
        return typeof item === "string" ? [] : [{ property: where, reason: `the property ${where} must be a string.` }];
    }
    if (isProperties(item)) return inputProblems(field.fields, item, where);
    return [{ property: where, reason: `the property ${where} must be an object.` }];
}

/** Kinds of properties in words, each with its test. */
const kinds: Record<Field["kind"], [name: string, test: (value: PropertyValue) => boolean]> = {
    string: ["a string", isString],
    number: ["a number", (value) => typeof value === "number"],
    boolean: ["a boolean", (value) => typeof value === "boolean"],
    policy: ["a JSON document", isJsonDocument],
    tags: ["a map of strings", (value) => isProperties(value) && Object.values(value).every(isString)],
    asset: ["a Pulumi asset", isProperties],
    object: ["an object", isProperties],
    list: ["a list", Array.isArray],
    set: ["a list", Array.isArray],
};

function isString(value: PropertyValue): boolean {
    return typeof value === "string";
}

function isJsonDocument(value: PropertyValue): boolean {
    if (typeof value !== "string") return isProperties(value);
    try {
        return isProperties(JSON.parse(value));
    } catch {
        return false;
    }
}
