import type * as pulumi from "@pulumi/pulumi";

/** Class of a component. */
type Component = new (name: string, args: never, opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

/** The parts of a package's schema that its provider goes by. */
interface Schema {
    version: string;
    /** Components by type token, such as `cached-image-pipeline:index:ImagePipeline`. */
    resources: Record<string, { properties: Record<string, unknown> }>;
}

/**
 * Makes the provider by which Pulumi's engine creates components for programs in other languages. The SDK's own provider reads all types at
 * each start, which takes seconds; this one knows them from the schema.
 *
 * @param schema JSON of the package's schema
 * @param library exports of the package, with the class of each component in the schema
 */
export function componentProvider(schema: string, library: Record<string, unknown>): pulumi.provider.Provider {
    const { version, resources } = JSON.parse(schema) as Schema;
    return {
        version,
        schema,
        construct(name, type, inputs, options) {
            const resource = resources[type];
            if (resource === undefined) {
                const known = Object.keys(resources).join(", ");
                return Promise.reject(new Error(`There is no component ${type}; there are ${known}.`));
            }
            const Class = library[type.slice(type.lastIndexOf(":") + 1)] as Component;
            const component = new Class(name, inputs as never, options);
            const outputs = component as unknown as Record<string, unknown>;
            return Promise.resolve({
                urn: component.urn,
                state: Object.fromEntries(Object.keys(resource.properties).map((key) => [key, outputs[key]])),
            });
        },
    };
}
