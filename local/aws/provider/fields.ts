/** Property of a resource or of an object nested in one, as pulumi-aws 7.48 declares it. */
export interface Field {
    /** Kind of the property; `policy` is a JSON document, `tags` a map of strings, `asset` a Pulumi asset. */
    kind: "string" | "number" | "boolean" | "policy" | "tags" | "asset" | "object" | "list" | "set";
    /** Properties of an `object`, or of the objects in a `list` or `set`. @default - the items are strings */
    fields?: Fields;
    /**
     * Name of the member in the AWS API.
     *
     * @default the property's name, in the casing of the service
     */
    apiName?: string;
    /** Whether the program must give the property. */
    required?: boolean;
    /** Value that AWS assumes, and reports, when the program gives none. */
    default?: string | number | boolean;
    /**
     * Whether the API does not assume the default by itself, so that it must be sent.
     *
     * @default false
     */
    sendDefault?: boolean;
    /** Whether AWS picks a value when the program gives none; an undeclared value is then no difference (Terraform: computed). */
    computed?: boolean;
}

/** Properties of a resource type or nested object, by name. */
export type Fields = Readonly<Record<string, Field>>;

/** Value in a Pulumi property bag. */
export type PropertyValue = null | undefined | boolean | number | string | PropertyValue[] | Properties;

/** Property bag of Pulumi. */
export interface Properties {
    [name: string]: PropertyValue;
}

type Options = Omit<Field, "kind" | "fields">;

/** Makes a string property. */
export const text = (options: Options = {}): Field => ({ kind: "string", ...options });
/** Makes a number property. */
export const count = (options: Options = {}): Field => ({ kind: "number", ...options });
/** Makes a boolean property. */
export const flag = (options: Options = {}): Field => ({ kind: "boolean", ...options });
/** Makes a property with a JSON document: IAM, bucket, repository or lifecycle policy. */
export const policy = (options: Options = {}): Field => ({ kind: "policy", ...options });
/** Makes a property with a map of strings, for example tags. */
export const stringMap = (options: Options = {}): Field => ({ kind: "tags", ...options });
/** Makes a property with a Pulumi asset. */
export const asset = (options: Options = {}): Field => ({ kind: "asset", ...options });
/** Makes a property with a nested object. */
export const object = (fields: Fields, options: Options = {}): Field => ({ kind: "object", fields, ...options });
/** Makes a property with a list of objects or strings in which order counts. */
export const listOf = (items: Fields | "string", options: Options = {}): Field => collection("list", items, options);
/** Makes a property with a list of objects or strings in which order does not count. */
export const setOf = (items: Fields | "string", options: Options = {}): Field => collection("set", items, options);

function collection(kind: "list" | "set", items: Fields | "string", options: Options): Field {
    return items === "string" ? { kind, ...options } : { kind, fields: items, ...options };
}

/** Casing of a service's API names when a field gives no `apiName`. */
export type Casing = "camelCase" | "PascalCase";

function apiNameOf(name: string, field: Field, casing: Casing): string {
    if (field.apiName !== undefined) return field.apiName;
    return casing === "PascalCase" ? name.charAt(0).toUpperCase() + name.slice(1) : name;
}

/** Tells whether a value is a property bag and not a list. */
export function isProperties(value: unknown): value is Properties {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Converts properties to members of an API request.
 *
 * @param fields only these are taken, so a caller sends a part of a resource by passing a part of its fields
 */
export function toApi(fields: Fields, properties: Properties, casing: Casing): Record<string, unknown> {
    const request: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields)) {
        const value = properties[name] ?? (field.sendDefault ? field.default : undefined);
        if (value !== undefined && value !== null)
            request[apiNameOf(name, field, casing)] = toApiValue(field, value, casing);
    }
    return request;
}

function toApiValue(field: Field, value: PropertyValue, casing: Casing): unknown {
    const { fields } = field;
    if (fields === undefined) return value;
    if (Array.isArray(value)) return value.map((item) => (isProperties(item) ? toApi(fields, item, casing) : item));
    return isProperties(value) ? toApi(fields, value, casing) : value;
}

/** Converts the members of an API answer to properties; members that no field names are left out. */
export function fromApi(fields: Fields, answer: object | undefined, casing: Casing): Properties {
    const members = new Map<string, unknown>(Object.entries(answer ?? {}));
    const properties: Properties = {};
    for (const [name, field] of Object.entries(fields)) {
        const value = members.get(apiNameOf(name, field, casing));
        if (value !== undefined && value !== null) properties[name] = fromApiValue(field, value, casing);
    }
    return properties;
}

/** Converts the members of an API answer that holds all that is set; members that it lacks, and AWS does not compute, are null. */
export function wholeFromApi(fields: Fields, answer: object | undefined, casing: Casing): Properties {
    const missing = Object.keys(fields).filter((name) => !fields[name]?.computed);
    return { ...Object.fromEntries(missing.map((name) => [name, null])), ...fromApi(fields, answer, casing) };
}

function fromApiValue(field: Field, value: unknown, casing: Casing): PropertyValue {
    const { fields } = field;
    if (value instanceof Date) return value.toISOString();
    if (fields === undefined) return value as PropertyValue;
    if (Array.isArray(value)) return value.map((item: object) => fromApi(fields, item, casing));
    return fromApi(fields, value as object, casing);
}

/** Fills in the defaults of fields that are not given; nested objects stay unchanged. */
export function withDefaults(fields: Fields, properties: Properties): Properties {
    const missing = Object.entries(fields).filter(([name, field]) => {
        return field.default !== undefined && (properties[name] === undefined || properties[name] === null);
    });
    return { ...properties, ...Object.fromEntries(missing.map(([name, field]) => [name, field.default])) };
}
