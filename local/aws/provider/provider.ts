import { isChosen, withAutoName } from "./autoName";
import { inputProblems, type InputProblem } from "./checkInputs";
import { isProperties, type Properties, withDefaults } from "./fields";
import { awsFunctions, requireRegion } from "./functions";
import { isUnknown, secret, withoutEmpty } from "./propertyValues";
import {
    inputChanges,
    inputsAfterRead,
    inputsOnly,
    outputsOf,
    previewOfCreate,
    previewOfUpdate,
} from "./resourceState";
import type { AwsContext, ResourceType } from "./resourceType";
import { resourceTypeOf } from "./resourceTypes";

/** Error for a resource that exists although its creation did not complete; the engine records it and updates it next time. */
export class UnfinishedResource extends Error {
    constructor(
        readonly id: string,
        readonly outputs: Properties,
        cause: unknown,
    ) {
        super(cause instanceof Error ? cause.message : String(cause));
    }
}

/** Operations of the provider on plain property bags; all take a Pulumi type token and throw Errors of one sentence. */
export class AwsProvider {
    constructor(private readonly aws: AwsContext) {}

    /**
     * Checks the program's inputs and adds a physical name when there is none.
     *
     * @param seed random bytes of the engine
     * @param olds inputs of the last run, empty for a new resource
     */
    check(
        token: string,
        name: string,
        seed: Uint8Array,
        news: Properties,
        olds: Properties,
    ): { inputs: Properties; problems: InputProblem[] } {
        const type = resourceTypeOf(token);
        const given = withDocumentsAsText(type, withoutEmpty(news));
        const problems = inputProblems(type.inputs, given);
        const conflict = Object.values(given).some(isUnknown) ? undefined : type.conflicts?.(given);
        if (conflict !== undefined) problems.push({ property: "", reason: conflict });
        if (given.region !== undefined && !isUnknown(given.region)) requireRegion(this.aws, given.region);
        return { inputs: withAutoName(type.autoName, name, seed, given, olds), problems };
    }

    /** Compares the program's inputs with the state. @returns the changes, and whether a replacement must delete the old resource first */
    diff(token: string, outputs: Properties, inputs: Properties) {
        const type = resourceTypeOf(token);
        const nameProperty = type.autoName?.property;
        const hasFixedName =
            nameProperty !== undefined &&
            !isChosen(inputs, nameProperty) &&
            inputs[nameProperty] === outputs[nameProperty];
        return {
            changes: inputChanges(type, outputs, inputs),
            deleteBeforeReplace: type.deleteBeforeReplace === true || hasFixedName,
        };
    }

    /** Creates a resource. @throws UnfinishedResource when the resource exists but a later call failed */
    async create(token: string, inputs: Properties, preview: boolean): Promise<{ id: string; outputs: Properties }> {
        const type = resourceTypeOf(token);
        const wanted = withDefaults(type.inputs, inputsOnly(type, inputs));
        if (preview) return { id: "", outputs: markSecrets(type, previewOfCreate(this.aws, type, wanted)) };
        const id = await type.create(this.aws, wanted);
        try {
            await type.finishCreate?.(this.aws, id, wanted);
            return { id, outputs: markSecrets(type, await this.readExisting(token, type, id, wanted)) };
        } catch (error) {
            const live = await type.read(this.aws, id, wanted).catch(() => undefined);
            throw new UnfinishedResource(id, markSecrets(type, outputsOf(this.aws, type, {}, live ?? {})), error);
        }
    }

    /**
     * Reads a resource at a refresh or an import.
     *
     * @param inputs inputs of the last run; undefined at an import
     * @returns undefined when the resource is gone
     */
    async read(
        token: string,
        id: string,
        outputs: Properties,
        inputs: Properties | undefined,
    ): Promise<{ outputs: Properties; inputs: Properties } | undefined> {
        const type = resourceTypeOf(token);
        const known = { ...outputs, ...(inputs && inputsOnly(type, inputs)) };
        const live = await type.read(this.aws, id, known);
        if (live === undefined) return undefined;
        return {
            outputs: markSecrets(type, outputsOf(this.aws, type, outputs, live)),
            inputs: markSecrets(type, inputsAfterRead(type, inputs, live)),
        };
    }

    /** Updates a resource to its inputs and reads it. */
    async update(
        token: string,
        id: string,
        outputs: Properties,
        inputs: Properties,
        preview: boolean,
    ): Promise<Properties> {
        const type = resourceTypeOf(token);
        const wanted = withDefaults(type.inputs, inputsOnly(type, inputs));
        if (preview) return markSecrets(type, previewOfUpdate(this.aws, type, outputs, wanted));
        const changed = new Set(inputChanges(type, outputs, wanted).keys());
        await type.update?.(this.aws, id, wanted, changed, outputs);
        return markSecrets(type, await this.readExisting(token, type, id, wanted));
    }

    /** Deletes a resource; a missing resource is no error. */
    async delete(token: string, id: string, outputs: Properties): Promise<void> {
        await resourceTypeOf(token).delete(this.aws, id, outputs);
    }

    /** Calls a function of pulumi-aws, for example `aws:index/getPartition:getPartition`. */
    async invoke(token: string, given: Properties): Promise<Properties> {
        const called = awsFunctions[token];
        if (called === undefined) throw new Error(`The local aws provider does not support the function ${token}.`);
        const unknown = Object.keys(withoutEmpty(given)).filter((name) => !called.arguments.includes(name));
        if (unknown.length > 0) {
            throw new Error(`The local aws provider does not support the argument ${unknown.join(", ")} of ${token}.`);
        }
        requireRegion(this.aws, given.region);
        return withoutEmpty(await called.invoke(this.aws, given));
    }

    private async readExisting(token: string, type: ResourceType, id: string, wanted: Properties): Promise<Properties> {
        const live = await type.read(this.aws, id, wanted);
        if (live === undefined) throw new Error(`${token} ${id} was not found right after it was written.`);
        return outputsOf(this.aws, type, wanted, live);
    }
}

/** Converts policies given as objects to text: pulumi-aws takes both and keeps text. */
function withDocumentsAsText(type: ResourceType, inputs: Properties): Properties {
    const documents = Object.entries(type.inputs)
        .filter(([name, field]) => field.kind === "policy" && isProperties(inputs[name]) && !isUnknown(inputs[name]))
        .map(([name]) => [name, JSON.stringify(inputs[name])] as const);
    return { ...inputs, ...Object.fromEntries(documents) };
}

function markSecrets(type: ResourceType, properties: Properties): Properties {
    const names = (type.secretOutputs ?? []).filter((name) => properties[name] !== undefined);
    return { ...properties, ...Object.fromEntries(names.map((name) => [name, secret(properties[name])])) };
}
