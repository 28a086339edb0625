import type { ComplexType, PackageSpec, Property, Resource, Type } from "@pulumi/pulumi/provider/experimental/schema";

/** Properties by name, and the names of those that always have a value. */
interface Shape {
    properties?: Record<string, Property>;
    required?: string[];
}

/** Direction of values: a program gives inputs and gets outputs. */
type Direction = "input" | "output";

/**
 * Lists what makes programs fail that use the package by an earlier schema, a sentence each: a component, type, property or value that is
 * gone, another type of a property, an input that became required, an output that may be absent now.
 */
export function breakingChanges(before: PackageSpec, after: PackageSpec): string[] {
    const inputs = typesOf(before, "input");
    const outputs = typesOf(before, "output");
    return [
        ...changed(before.resources, after.resources, "Component", (name, old, current) => [
            ...shapeChanges("Input", name, inputsOf(old), inputsOf(current), ["input"]),
            ...shapeChanges("Output", name, old, current, ["output"]),
        ]),
        ...changed(before.types, after.types, "Type", (name, old, current, token) => [
            ...valueChanges(name, old, current),
            ...shapeChanges("Property", name, old, current, [
                ...(inputs.has(token) ? (["input"] as const) : []),
                ...(outputs.has(token) ? (["output"] as const) : []),
            ]),
        ]),
    ];
}

const inputsOf = ({ inputProperties, requiredInputs }: Resource): Shape => ({
    properties: inputProperties,
    required: requiredInputs,
});

/** Compares the entries that both have, and names those that are gone. */
function changed<T>(
    before: Record<string, T>,
    after: Record<string, T>,
    kind: string,
    compare: (name: string, old: T, current: T, token: string) => string[],
): string[] {
    return Object.entries(before).flatMap(([token, old]) => {
        const current = after[token];
        return current === undefined
            ? [`${kind} ${nameOf(token)} is gone.`]
            : compare(nameOf(token), old, current, token);
    });
}

function shapeChanges(
    kind: "Input" | "Output" | "Property",
    owner: string,
    before: Shape,
    after: Shape,
    directions: readonly Direction[],
): string[] {
    const place = (name: string) => `${kind} ${name} of ${owner}`;
    const wasRequired = new Set(before.required);
    const isRequired = new Set(after.required);
    const ofEarlier = Object.entries(before.properties ?? {}).flatMap(([name, old]) => {
        const current = after.properties?.[name];
        if (current === undefined) return [`${place(name)} is gone.`];
        const [was, is] = [typeName(old), typeName(current)];
        return [
            ...(was === is ? [] : [`${place(name)} is ${is}; it was ${was}.`]),
            ...(directions.includes("output") && wasRequired.has(name) && !isRequired.has(name)
                ? [`${place(name)} may be absent.`]
                : []),
        ];
    });
    const needed = directions.includes("input") ? [...isRequired].filter((name) => !wasRequired.has(name)) : [];
    return [...ofEarlier, ...needed.map((name) => `${place(name)} is required.`)];
}

function valueChanges(name: string, before: ComplexType, after: ComplexType): string[] {
    const values = new Set(after.enum?.map(({ value }) => value));
    return (before.enum ?? [])
        .filter(({ value }) => !values.has(value))
        .map(({ value }) => `Value ${value} of ${name} is gone.`);
}

/** Finds the tokens of the types that inputs or outputs of components consist of. */
function typesOf(schema: PackageSpec, direction: Direction): Set<string> {
    const found = new Set<string>();
    const visit = (type: Type | undefined): void => {
        if (type === undefined) return;
        visit(type.items);
        visit(type.additionalProperties);
        const token = "$ref" in type ? type.$ref.replace("#/types/", "") : "";
        if (!(token in schema.types) || found.has(token)) return;
        found.add(token);
        Object.values(schema.types[token]!.properties ?? {}).forEach(visit);
    };
    for (const resource of Object.values(schema.resources)) {
        Object.values((direction === "input" ? resource.inputProperties : resource.properties) ?? {}).forEach(visit);
    }
    return found;
}

/** Names a type as a reader would; a plain value is one that is known before anything is created. */
function typeName(type: Type): string {
    return `${type.plain ? "plain " : ""}${"$ref" in type ? nameOf(type.$ref) : containerName(type)}`;
}

function containerName(type: Type & { type: string }): string {
    if (type.items) return `list of ${typeName(type.items)}`;
    return type.additionalProperties ? `map of ${typeName(type.additionalProperties)}` : type.type;
}

function nameOf(token: string): string {
    return token.slice(token.lastIndexOf(":") + 1);
}
