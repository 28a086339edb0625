import { equivalent } from "./equivalence";
import { type Fields, type Properties, type PropertyValue } from "./fields";
import { isUnknown, unknownValue, withoutEmpty } from "./propertyValues";
import type { AwsContext, ResourceType } from "./resourceType";

/** Difference of one input from the state. */
export interface InputChange {
    kind: "add" | "delete" | "update";
    /** Whether the change needs a replacement. */
    replace: boolean;
}

/** Lists the inputs that differ from the state, by name; an input that a preview cannot know counts as different. */
export function inputChanges(type: ResourceType, outputs: Properties, inputs: Properties): Map<string, InputChange> {
    const changes = new Map<string, InputChange>();
    for (const [name, field] of Object.entries(type.inputs)) {
        const [wanted, actual] = [inputs[name], outputs[name]];
        if (!isUnknown(wanted) && equivalent(field, wanted, actual)) continue;
        const kind = isAbsent(wanted) ? "delete" : isAbsent(actual) ? "add" : "update";
        changes.set(name, { kind, replace: type.replaceOn.includes(name) });
    }
    return changes;
}

function isAbsent(value: PropertyValue): boolean {
    return value === undefined || value === null;
}

/**
 * Merges declared inputs with AWS's values: a value that AWS reports with another meaning wins.
 *
 * @param live result of {@link ResourceType.read}
 */
function reconcile(fields: Fields, declared: Properties, live: Properties): Properties {
    const known = Object.entries(fields).map(([name, field]) => {
        const [wanted, actual] = [declared[name], live[name]];
        if (actual === undefined) return [name, wanted] as const;
        const keep = !isAbsent(wanted) && equivalent(field, wanted, actual);
        // AWS answers an unset text as "" or not at all, at times both for one resource.
        return [name, keep ? wanted : actual === "" ? undefined : actual] as const;
    });
    return withoutEmpty(Object.fromEntries(known));
}

/** Makes the state of a resource after a read. */
export function outputsOf(aws: AwsContext, type: ResourceType, declared: Properties, live: Properties): Properties {
    const computed = Object.fromEntries(type.computed.map((name) => [name, live[name]]));
    const inputs = reconcile(type.inputs, declared, live);
    return withoutEmpty({ ...inputs, ...computed, ...derived(aws, type, inputs) });
}

/** Makes the state that a preview of a creation can promise; values that AWS computes are unknown. */
export function previewOfCreate(aws: AwsContext, type: ResourceType, inputs: Properties): Properties {
    const computed = Object.fromEntries(type.computed.map((name) => [name, unknownValue]));
    return withoutEmpty({ ...inputsOnly(type, inputs), ...computed, ...derived(aws, type, inputs) });
}

/** Makes the state that a preview of an update can promise; values that AWS computed stay, except those that updates change. */
export function previewOfUpdate(
    aws: AwsContext,
    type: ResourceType,
    outputs: Properties,
    inputs: Properties,
): Properties {
    const computed = Object.fromEntries(type.computed.map((name) => [name, outputs[name]]));
    const moved = Object.fromEntries((type.movedByUpdate ?? []).map((name) => [name, unknownValue]));
    const wanted = Object.entries(type.inputs).map(([name, field]) => {
        return [name, inputs[name] ?? (field.computed ? outputs[name] : undefined)] as const;
    });
    return withoutEmpty({
        ...Object.fromEntries(wanted),
        ...computed,
        ...moved,
        ...derived(aws, type, inputs),
    });
}

/** Makes the outputs that follow from the inputs alone. */
function derived(aws: AwsContext, type: ResourceType, inputs: Properties): Properties {
    return {
        ...(type.inputs.region && { region: aws.region }),
        ...(type.inputs.tags && { tagsAll: inputs.tags ?? {} }),
    };
}

/**
 * Makes the inputs that a read answers. A refresh keeps the given inputs, with AWS's value where it drifted. An import takes those that
 * differ from AWS's assumed or computed values.
 */
export function inputsAfterRead(type: ResourceType, given: Properties | undefined, live: Properties): Properties {
    const names = Object.entries(type.inputs).filter(([name, field]) =>
        given === undefined
            ? !equivalent(field, undefined, live[name]) || type.importedInputs?.includes(name)
            : given[name] !== undefined,
    );
    const internal = Object.entries(given ?? {}).filter(([name]) => name.startsWith("__"));
    return { ...reconcile(Object.fromEntries(names), given ?? {}, live), ...Object.fromEntries(internal) };
}

/** Copies inputs without Pulumi's own entries, whose names begin with `__`. */
export function inputsOnly(type: ResourceType, inputs: Properties): Properties {
    return Object.fromEntries(Object.entries(inputs).filter(([name]) => type.inputs[name] !== undefined));
}
