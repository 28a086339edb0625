import { type Properties, type PropertyValue } from "./fields";

// The markers of Pulumi's wire format (sdk/go/common/resource/properties.go; they never change).
const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";

/** Value that a preview cannot know yet. */
export const unknownValue: PropertyValue = unknownMarker;

/** Tells whether a value is, or holds at any depth, one that a preview cannot know yet. */
export function isUnknown(value: PropertyValue): boolean {
    if (typeof value !== "object" || value === null) return value === unknownMarker;
    return Object.values(value).some(isUnknown);
}

/** Marks a value that the state file must hold encrypted. */
export function secret(value: PropertyValue): Properties {
    return { [signatureKey]: secretSignature, value };
}

/**
 * Reads a FileAsset or StringAsset of the program.
 *
 * @returns the SHA-256 of the content, hexadecimal, and the path or the text
 * @throws Error when the value is an archive or an asset behind a URL
 */
export function toLocalAsset(value: Properties) {
    if (value[signatureKey] !== assetSignature || value.uri) {
        throw new Error("The local aws provider takes a FileAsset or StringAsset, not an archive or a RemoteAsset.");
    }
    const string = (item: PropertyValue) => (typeof item === "string" && item !== "" ? item : undefined);
    return { hash: string(value.hash) ?? "", path: string(value.path), text: string(value.text) };
}

/** Copies properties without undefined and null members at any depth, which wire format and state do not use. */
export function withoutEmpty(properties: Properties): Properties {
    return Object.fromEntries(
        Object.entries(properties)
            .filter(([, value]) => value !== undefined && value !== null)
            .map(([name, value]) => [name, compact(value)]),
    );
}

function compact(value: PropertyValue): PropertyValue {
    if (Array.isArray(value)) return value.map(compact);
    return typeof value === "object" && value !== null ? withoutEmpty(value) : value;
}
