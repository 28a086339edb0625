import { type CommandDocument, type DocumentParameter, type DocumentStep, reference } from "./document";
import { RequestError } from "../requestError";

/**
 * Finds the values that a document runs with, from the members of SendCommand.
 *
 * @param given lists of one value by parameter name
 * @throws RequestError `InvalidParameters` for an unknown or missing parameter and for a value that is not allowed
 */
export function parameterValues(document: CommandDocument, given: Record<string, string[]>): Record<string, string> {
    for (const name of Object.keys(given)) {
        if (!(name in document.parameters)) throw invalid(`Parameter ${name} is not defined in the document.`);
    }
    return Object.fromEntries(
        Object.entries(document.parameters).map(([name, parameter]) => [name, valueOf(name, parameter, given[name])]),
    );
}

function valueOf(name: string, parameter: DocumentParameter, given: string[] | undefined): string {
    const value = given === undefined ? parameter.default : given[0];
    if (value === undefined) throw invalid(`Parameter ${name} requires a value.`);
    if (given !== undefined && given.length !== 1) throw invalid(`Parameter ${name} takes one value.`);
    const { allowedPattern, allowedValues } = parameter;
    if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value)) {
        throw invalid(`Parameter ${name} has the value "${value}", which does not match ${allowedPattern}.`);
    }
    if (allowedValues !== undefined && !allowedValues.includes(value)) {
        throw invalid(`Parameter ${name} has the value "${value}"; allowed: ${allowedValues.join(", ")}.`);
    }
    return value;
}

/** Step as the agent runs it. */
export interface ScriptRun {
    script: string;
    /** Variables of the script besides the host's own. */
    environment: Record<string, string>;
}

/**
 * Puts the values into a step. With an agent that supports it, those of `interpolationType: ENV_VAR` become variables `SSM_<name>`; all
 * others replace text.
 *
 * @param knowsVariables whether the agent is of version 3.3.2746.0 or later
 */
export function interpolate(
    document: CommandDocument,
    step: DocumentStep,
    values: Record<string, string>,
    knowsVariables: boolean,
): ScriptRun {
    const isVariable = (name: string) => knowsVariables && document.parameters[name]?.interpolationType === "ENV_VAR";
    const script = step.inputs.runCommand
        .join("\n")
        .replaceAll(reference, (_, name: string) => (isVariable(name) ? `\${SSM_${name}}` : (values[name] ?? "")));
    const variables = Object.entries(values).filter(([name]) => isVariable(name));
    return { script, environment: Object.fromEntries(variables.map(([name, value]) => [`SSM_${name}`, value])) };
}

function invalid(message: string): RequestError {
    return new RequestError("InvalidParameters", message);
}
