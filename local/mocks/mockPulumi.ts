import * as pulumi from "@pulumi/pulumi";
import type {
    RegisterResourceOutputsRequest,
    RegisterResourceRequest,
    RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { computedOutputs, invokeResults } from "./mockOutputs";

/** Set-up of a mocked stack. */
export interface MockOptions {
    /** Name of the project. @default cached-image-pipeline */
    project?: string;
    /** Name of the stack. @default dev */
    stack?: string;
    /** Whether the run is a preview: no resource exists yet, so outputs that a provider computes are unknown. @default false */
    preview?: boolean;
    /** Types whose computed outputs are known in a preview, since these resources exist already. @default - none */
    existing?: string[];
    /** Stack configuration by key without the project's name; structured values as JSON text. @default - none */
    config?: Record<string, string>;
}

/** Resource that the engine was asked to register. */
export interface ResourceRecord {
    type: string;
    name: string;
    urn: string;
    /** Label of the parent, see {@link labelOf}; empty at the top. */
    parent: string;
    /** Inputs; known secrets are shown as `{ secret: value }` and unknown values as {@link unknown}. */
    inputs: Record<string, unknown>;
    /** Resource options that were set. */
    options: ResourceOptionsRecord;
    /** Outputs that a component passed to `registerOutputs`. @default - undefined when it never did */
    outputs?: Record<string, unknown>;
}

/** Resource options as they reach the engine; those not set are absent. */
export interface ResourceOptionsRecord {
    retainOnDelete?: true;
    deleteBeforeReplace?: true;
    protect?: true;
    ignoreChanges?: string[];
    /** Labels of the resources with which this one is replaced. */
    replaceWith?: string[];
    /** Labels of the resources in `dependsOn`, without those that inputs refer to. */
    dependsOn?: string[];
}

/** Call of a provider's function. */
export interface InvokeRecord {
    token: string;
    inputs: Record<string, unknown>;
}

/** Text in records for a value that is unknown in a preview. */
export const unknown = "<unknown>";

/** Records of the mocked engine. One world is current at a time: a new one replaces the old one in the whole process. */
export class MockWorld {
    /** Registered resources, components included, in the order of arrival. */
    readonly resources: ResourceRecord[] = [];
    /** Calls of providers' functions, in the order of arrival. */
    readonly invokes: InvokeRecord[] = [];
    /** Requests that the mocks do not know; {@link settle} throws them, since a throw inside a mock hangs the program. */
    readonly problems: string[] = [];

    /**
     * Waits until all requests of the program have been answered.
     *
     * @throws Error when the program called a function that the mocks do not know
     */
    async settle(): Promise<void> {
        for (let seen = -1; seen !== this.calls();) {
            seen = this.calls();
            await waitForCalls();
            // Lets what waits for the last answer run, which may ask for more.
            await new Promise((resolve) => setImmediate(resolve));
        }
        if (this.problems.length > 0) throw new Error(this.problems.join("\n"));
    }

    /** Finds a resource. @throws Error unless exactly one resource has this label or this name */
    resource(labelOrName: string): ResourceRecord {
        const found = this.resources.filter((one) => one.name === labelOrName || labelOf(one) === labelOrName);
        if (found.length === 1) return found[0]!;
        throw new Error(`${found.length} resources are called ${labelOrName}; there are:\n${this.tree().join("\n")}`);
    }

    /** Lists all resources of one type. */
    resourcesOfType(type: string): ResourceRecord[] {
        return this.resources.filter((one) => one.type === type);
    }

    /** Lists the labels of all resources, each indented below its parent, siblings in alphabetical order. */
    tree(parent = "", indent = ""): string[] {
        const children = this.resources.filter((one) => one.parent === parent).map(labelOf);
        return children.sort().flatMap((label) => [`${indent}${label}`, ...this.tree(label, `${indent}  `)]);
    }

    private calls(): number {
        return this.resources.length + this.invokes.length;
    }
}

/** Function of the SDK's runtime that its published types leave out. */
const { waitForRPCs: waitForCalls } = pulumi.runtime as unknown as { waitForRPCs: () => Promise<void> };

/** Makes the label of a resource from its class and name: `Repository pipeline-app-repository`. */
function labelOf(resource: { type: string; name: string }): string {
    return `${resource.type.split(":").pop()} ${resource.name}`;
}

/** Replaces engine and providers by mocks that record their requests. */
export async function mockPulumi(options: MockOptions = {}): Promise<MockWorld> {
    const { project = "cached-image-pipeline", stack = "dev", preview = false, existing = [], config = {} } = options;
    const world = new MockWorld();
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs, custom }) => {
                const plain = inputs as Record<string, unknown>;
                const isComputed = !preview || existing.includes(type);
                const computed = isComputed ? computedOutputs[type]?.(readable(plain), name) : {};
                return { id: custom && isComputed ? `${name}-id` : undefined, state: { ...plain, ...computed } };
            },
            call: ({ token, inputs }) => {
                const plain = readable(inputs as Record<string, unknown>);
                world.invokes.push({ token, inputs: plain });
                const result = invokeResults[token];
                if (result === undefined) world.problems.push(`The mocks know no function ${token}.`);
                return result?.(plain) ?? {};
            },
        },
        project,
        stack,
        preview,
    );
    record(world, pulumi.runtime.getMonitor() as unknown as MockMonitor);
    pulumi.runtime.setAllConfig(
        Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value])),
    );
    return world;
}

/**
 * Waits for the value of an output.
 *
 * @throws Error when it is unknown, since a test that awaits `apply` would hang; and the error of an `apply`
 */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
    const { known, promise } = internals(output);
    if (!(await known)) throw new Error("The output is unknown.");
    return (await promise()) as pulumi.Unwrap<T>;
}

/** Tells whether a preview knows the value of an output. */
export function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
    return internals(output).known;
}

/** Tells whether the engine keeps the value of an output encrypted and does not show it. */
export function isSecret(output: pulumi.Output<unknown>): Promise<boolean> {
    return internals(output).secret;
}

/** Returns the parts of an Output that its published type leaves out. */
function internals(output: pulumi.Output<unknown>) {
    const inner = pulumi.output(output) as unknown as {
        isKnown: Promise<boolean>;
        isSecret: Promise<boolean>;
        promise(): Promise<unknown>;
    };
    return { known: inner.isKnown, secret: inner.isSecret, promise: () => inner.promise() };
}

/** Records the requests to the mocked engine, which hold values that mocks do not get: parents, options and registered outputs. */
function record(world: MockWorld, monitor: MockMonitor): void {
    const register = monitor.registerResource.bind(monitor);
    const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
    const labelOfUrn = (urn: string) => {
        const found = world.resources.find((one) => one.urn === urn);
        return found === undefined ? urn : labelOf(found);
    };
    monitor.registerResource = (
        request: RegisterResourceRequest,
        callback: (error: Error | null, response?: RegisterResourceResponse) => void,
    ) => {
        const resource: ResourceRecord = {
            type: request.getType(),
            name: request.getName(),
            urn: "",
            parent: request.getParent() === "" ? "" : labelOfUrn(request.getParent()),
            inputs: readable(request.getObject()?.toJavaScript() ?? {}),
            options: optionsOf(request, labelOfUrn),
        };
        world.resources.push(resource);
        return register(request, (error: Error | null, response?: RegisterResourceResponse) => {
            resource.urn = response?.getUrn() ?? "";
            callback(error, response);
        });
    };
    monitor.registerResourceOutputs = (
        request: RegisterResourceOutputsRequest,
        callback: (error: Error | null, response: unknown) => void,
    ) => {
        const resource = world.resources.find((one) => one.urn === request.getUrn());
        if (resource !== undefined) resource.outputs = readable(request.getOutputs()?.toJavaScript() ?? {});
        registerOutputs(request, callback);
    };
}

function optionsOf(request: RegisterResourceRequest, labelOfUrn: (urn: string) => string): ResourceOptionsRecord {
    const implied = new Set<string>();
    request.getPropertydependenciesMap().forEach((property: RegisterResourceRequest.PropertyDependencies) => {
        for (const urn of property.getUrnsList()) implied.add(urn);
    });
    const replaceWith = request.getReplaceWithList();
    const dependsOn = request.getDependenciesList().filter((urn) => !implied.has(urn));
    return {
        ...(request.getRetainondelete() ? { retainOnDelete: true } : {}),
        ...(request.getDeletebeforereplace() ? { deleteBeforeReplace: true } : {}),
        ...(request.getProtect() ? { protect: true } : {}),
        ...(request.getIgnorechangesList().length > 0 ? { ignoreChanges: request.getIgnorechangesList() } : {}),
        ...(replaceWith.length > 0 ? { replaceWith: replaceWith.map(labelOfUrn) } : {}),
        ...(dependsOn.length > 0 ? { dependsOn: dependsOn.map(labelOfUrn) } : {}),
    };
}

/** Marks of the engine's protocol for values that are not plain. */
const { specialSecretSig, specialSigKey, unknownValue } = pulumi.runtime;

/** Converts inputs to a readable form: known secrets as `{ secret: value }`, unknown values as {@link unknown}. */
function readable(inputs: Record<string, unknown>): Record<string, unknown> {
    return readableValue(inputs) as Record<string, unknown>;
}

function readableValue(value: unknown): unknown {
    if (value === unknownValue) return unknown;
    if (Array.isArray(value)) return value.map(readableValue);
    if (typeof value !== "object" || value === null) return value;
    const fields = value as Record<string, unknown>;
    if (fields[specialSigKey] === specialSecretSig) {
        const secret = readableValue(fields["value"]);
        // Releases of the SDK differ in whether they mark what is unknown.
        return secret === unknown ? unknown : { secret };
    }
    if (fields["__pulumiUnknown"] === true) return unknown;
    return Object.fromEntries(Object.entries(fields).map(([key, inner]) => [key, readableValue(inner)]));
}
