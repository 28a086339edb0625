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
    if (!hasKind[field.kind](value)) {
        return [{ property: where, reason: `the property ${where} must be ${kindNames[field.kind]}.` }];
    }
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

const kindNames: Record<Field["kind"], string> = {
    string: "a string",
    number: "a number",
    boolean: "a boolean",
    policy: "a JSON document",
    tags: "a map of strings",
    asset: "a Pulumi asset",
    object: "an object",
    list: "a list",
    set: "a list",
};

const hasKind: Record<Field["kind"], (value: PropertyValue) => boolean> = {
    string: (value) => typeof value === "string",
    number: (value) => typeof value === "number",
    boolean: (value) => typeof value === "boolean",
    policy: isJsonDocument,
    tags: (value) => isProperties(value) && Object.values(value).every((item) => typeof item === "string"),
    asset: isProperties,
    object: isProperties,
    list: Array.isArray,
    set: Array.isArray,
};

function isJsonDocument(value: PropertyValue): boolean {
    if (typeof value !== "string") return isProperties(value);
    try {
        return isProperties(JSON.parse(value));
    } catch {
        return false;
    }
}
