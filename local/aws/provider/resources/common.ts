import { type Field, isProperties, type Properties, type PropertyValue, text } from "../fields";

/** Optional `region` of every regional resource of pulumi-aws 7. */
export const region: Field = text({ computed: true });

/** Returns a property that Check has verified to be a string. */
export function stringOf(properties: Properties, name: string): string {
    const value = properties[name];
    if (typeof value !== "string")
        throw new Error(`The property ${name} must be a string by now, but it is ${typeof value}.`);
    return value;
}

/** Returns a string property that may be absent. */
export function optionalString(properties: Properties, name: string): string | undefined {
    return properties[name] === undefined ? undefined : stringOf(properties, name);
}

/** Returns a map of strings, for example tags; empty when absent. */
export function mapOf(value: PropertyValue): Record<string, string> {
    return isProperties(value) ? (value as Record<string, string>) : {};
}

/** Waits for the answer of a call; undefined when AWS answers that the resource does not exist. */
export async function unlessMissing<T>(call: Promise<T>, ...missing: readonly string[]): Promise<T | undefined> {
    try {
        return await call;
    } catch (error) {
        if (error instanceof Error && missing.includes(error.name)) return undefined;
        throw error;
    }
}

/** Converts tags to the list of `{ Key, Value }` that most services take. */
export function tagList(tags: PropertyValue): { Key: string; Value: string }[] {
    return Object.entries(mapOf(tags)).map(([Key, Value]) => ({ Key, Value }));
}

/** Converts a list of tags to a map, null when there are none. */
export function tagMap(tags: readonly { Key?: string; Value?: string }[] | undefined): Properties | null {
    const entries = (tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""] as const);
    return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** Finds the tags to set and the keys to remove for a change from the old tags to the new ones. */
function tagChanges(old: PropertyValue, wanted: PropertyValue): { set: Record<string, string>; removed: string[] } {
    const [before, after] = [mapOf(old), mapOf(wanted)];
    return {
        set: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
        removed: Object.keys(before).filter((key) => after[key] === undefined),
    };
}

/** Applies {@link tagChanges} with the calls of a service; calls without an effect are left out. */
export async function updateTags(
    old: PropertyValue,
    wanted: PropertyValue,
    calls: { tag(tags: Record<string, string>): Promise<unknown>; untag(keys: string[]): Promise<unknown> },
): Promise<void> {
    const { set, removed } = tagChanges(old, wanted);
    if (removed.length > 0) await calls.untag(removed);
    if (Object.keys(set).length > 0) await calls.tag(set);
}
