import { type Field, isProperties, type Properties, type PropertyValue, text } from "../fields";

/** The optional `region` that every regional resource of pulumi-aws 7 has. */
export const region: Field = text({ computed: true });

/** A property that Check has made sure is a string. */
export function stringOf(properties: Properties, name: string): string {
    const value = properties[name];
    if (typeof value !== "string")
        throw new Error(`The property ${name} must be a string by now, but it is ${typeof value}.`);
    return value;
}

/** A string property that may be absent. */
export function optionalString(properties: Properties, name: string): string | undefined {
    return properties[name] === undefined ? undefined : stringOf(properties, name);
}

/** A map of strings, for example tags; empty when absent. */
export function mapOf(value: PropertyValue): Record<string, string> {
    return isProperties(value) ? (value as Record<string, string>) : {};
}

/** The answer of a call, or undefined when AWS says that what it asks for does not exist. */
export async function unlessMissing<T>(call: Promise<T>, ...missing: readonly string[]): Promise<T | undefined> {
    try {
        return await call;
    } catch (error) {
        if (error instanceof Error && missing.includes(error.name)) return undefined;
        throw error;
    }
}

/** Tags as the list of `{ Key, Value }` that most services take. */
export function tagList(tags: PropertyValue): { Key: string; Value: string }[] {
    return Object.entries(mapOf(tags)).map(([Key, Value]) => ({ Key, Value }));
}

/** A list of tags as a map, null when there are none. */
export function tagMap(tags: readonly { Key?: string; Value?: string }[] | undefined): Properties | null {
    const entries = (tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""] as const);
    return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** Which tags to set and which keys to remove to get from the old tags to the new ones. */
export function tagChanges(
    old: PropertyValue,
    wanted: PropertyValue,
): { set: Record<string, string>; removed: string[] } {
    const [before, after] = [mapOf(old), mapOf(wanted)];
    return {
        set: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
        removed: Object.keys(before).filter((key) => after[key] === undefined),
    };
}

/** Applies {@link tagChanges} with the calls of a service, leaving out those that would do nothing. */
export async function updateTags(
    old: PropertyValue,
    wanted: PropertyValue,
    calls: { tag(tags: Record<string, string>): Promise<unknown>; untag(keys: string[]): Promise<unknown> },
): Promise<void> {
    const { set, removed } = tagChanges(old, wanted);
    if (removed.length > 0) await calls.untag(removed);
    if (Object.keys(set).length > 0) await calls.tag(set);
}
