import { type Field, type Fields, isProperties, type Properties, type PropertyValue } from "./fields";

/**
 * Tells whether a declared value matches the present one, so that no update is needed. JSON documents are compared by meaning, sets without
 * order, and absent values by their default. Values that AWS computes count only when the program declares them.
 *
 * @param declared the program's value
 * @param actual the value in the state or in AWS
 */
export function equivalent(field: Field, declared: PropertyValue, actual: PropertyValue): boolean {
    if (isEmpty(declared) && field.computed) return true;
    const [want, have] = [declared, actual].map((value) => (isEmpty(value) ? field.default : value));
    if (isEmpty(want) || isEmpty(have)) {
        const present = isEmpty(want) ? have : want;
        if (isEmpty(present)) return true;
        // AWS reports some objects that nobody declared with the values that it assumes, for example `{ type: "NO_CACHE" }`.
        return field.kind === "object" && isProperties(present) && hasDefaultsOnly(field.fields ?? {}, present);
    }
    switch (field.kind) {
        case "policy":
            return canonicalDocument(want) === canonicalDocument(have);
        case "asset":
            return isProperties(want) && isProperties(have) && want.hash === have.hash;
        case "object":
            return isProperties(want) && isProperties(have) && objectsAreEquivalent(field.fields ?? {}, want, have);
        case "list":
        case "set":
            return Array.isArray(want) && Array.isArray(have) && collectionsAreEquivalent(field, want, have);
        case "tags":
            return canonicalJson(want) === canonicalJson(have);
        case "string":
        case "number":
        case "boolean":
            return want === have;
    }
}

/** Tells whether a value is empty: AWS and Terraform treat an empty text, list, map or object like an absent one. */
function isEmpty(value: PropertyValue): boolean {
    if (value === undefined || value === null || value === "") return true;
    if (Array.isArray(value)) return value.length === 0;
    return typeof value === "object" && Object.values(value).every(isEmpty);
}

function hasDefaultsOnly(fields: Fields, value: Properties): boolean {
    return Object.entries(value).every(([name, item]) => {
        const field = fields[name];
        return field !== undefined && !field.computed && equivalent(field, undefined, item);
    });
}

function objectsAreEquivalent(fields: Fields, declared: Properties, actual: Properties): boolean {
    return Object.entries(fields).every(([name, field]) => equivalent(field, declared[name], actual[name]));
}

function collectionsAreEquivalent(field: Field, declared: PropertyValue[], actual: PropertyValue[]): boolean {
    if (declared.length !== actual.length) return false;
    const same = (left: PropertyValue, right: PropertyValue) =>
        field.fields !== undefined && isProperties(left) && isProperties(right)
            ? objectsAreEquivalent(field.fields, left, right)
            : left === right;
    if (field.kind === "list") return declared.every((item, index) => same(item, actual[index]));
    const unmatched = [...actual];
    return declared.every((item) => {
        const index = unmatched.findIndex((candidate) => same(item, candidate));
        if (index < 0) return false;
        unmatched.splice(index, 1);
        return true;
    });
}

/**
 * Renders a JSON document in a form that is equal for documents of one meaning. Key order, white space, the order of a list, and a list
 * around a single value do not count (IAM JSON policy elements reference, "Grammar").
 */
function canonicalDocument(document: PropertyValue): string {
    return canonicalJson(simplify(typeof document === "string" ? parse(document) : document));
}

function parse(document: string): PropertyValue {
    try {
        return JSON.parse(document) as PropertyValue;
    } catch {
        return document; // what is not JSON is compared as text
    }
}

function simplify(value: PropertyValue): PropertyValue {
    if (Array.isArray(value)) {
        const items = value.map(simplify).sort((left, right) => compareText(canonicalJson(left), canonicalJson(right)));
        return items.length === 1 ? items[0] : items;
    }
    if (isProperties(value))
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, simplify(item)]));
    return typeof value === "boolean" || typeof value === "number" ? String(value) : value;
}

function canonicalJson(value: PropertyValue): string {
    return JSON.stringify(value, (_key, item: PropertyValue) =>
        isProperties(item)
            ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => compareText(left, right)))
            : item,
    );
}

function compareText(left: string, right: string): number {
    return left < right ? -1 : Number(left > right);
}
