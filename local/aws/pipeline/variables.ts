import { ActionError } from "./actionError";
import { type ExecutionRecord, finishedActions } from "./records";

/** Values of variables by namespace and name. */
export type Namespaces = Record<string, Record<string, string>>;

/** Pattern of a reference: `#{namespace.VARIABLE}`. */
const reference = /#\{([A-Za-z0-9@_-]+)\.([A-Za-z0-9@._-]+)\}/g;

/**
 * Collects the variables that an action of an execution may use.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
 */
export function namespacesOf(execution: ExecutionRecord): Namespaces {
    const outputs = finishedActions(execution).flatMap(({ action, run }) =>
        action.namespace === undefined ? [] : [[action.namespace, run.outputVariables] as const],
    );
    return {
        codepipeline: { PipelineExecutionId: execution.id },
        variables: execution.variables,
        ...Object.fromEntries(outputs),
    };
}

/** Puts the values of variables into a text. @throws ActionError for a variable without a value */
export function resolveText(text: string, namespaces: Namespaces): string {
    return text.replace(reference, (whole, namespace: string, name: string) => {
        const value = namespaces[namespace]?.[name];
        if (value !== undefined) return value;
        const known = namespaces[namespace];
        const reason =
            known === undefined
                ? `no action with the namespace ${namespace} has succeeded before`
                : `${namespace} has ${Object.keys(known).sort().join(", ") || "no variables"}`;
        throw new ActionError("InvalidVariable", `The variable ${whole} could not be resolved: ${reason}.`);
    });
}

/** Resolves an action's configuration. @throws ActionError for a variable without a value */
export function resolveConfiguration(
    configuration: Record<string, string>,
    namespaces: Namespaces,
): Record<string, string> {
    return Object.fromEntries(
        Object.entries(configuration).map(([key, value]) => [key, resolveText(value, namespaces)]),
    );
}
