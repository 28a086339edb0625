import { parseDocument } from "yaml";
import type { z } from "zod";
import { problemOfTasks } from "./batch";
import { type Buildspec, buildspecSchema } from "./buildspec";
import { variableName, variableNameRule } from "./environmentVariables";

/** Error for a buildspec that cannot be run; the message is one line. */
export class BuildspecError extends Error {}

/**
 * Parses and checks a buildspec. All scalars are text, as written: `1.10` and `yes` stay unchanged.
 *
 * @throws BuildspecError naming the place and the allowed values
 */
export function parseBuildspec(source: string): Buildspec {
    const document = parseDocument(source, { schema: "failsafe" });
    const [error] = document.errors;
    if (error !== undefined) throw new BuildspecError(`The buildspec is not valid YAML: ${firstLine(error.message)}`);
    const root: unknown = document.toJS();
    const { data: buildspec, error: fault } = buildspecSchema.safeParse(root);
    if (fault !== undefined) throw new BuildspecError(`${describe(fault.issues[0]!, root)}.`);
    checkVariableNames(buildspec);
    const problem = buildspec.batch && problemOfTasks(buildspec.batch.buildGraph);
    if (problem !== undefined) throw new BuildspecError(problem);
    return buildspec;
}

function checkVariableNames({ env }: Buildspec): void {
    const names = [env.variables, env.parameterStore, env.secretsManager].flatMap((group) => Object.keys(group));
    for (const name of [...names, ...env.exportedVariables]) {
        if (!variableName.test(name)) throw new BuildspecError(`env names a variable "${name}"; ${variableNameRule}.`);
    }
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new BuildspecError(`env defines ${twice} twice; keep one of the definitions.`);
}

/** Describes a fault as a sentence without its end. */
function describe(issue: z.core.$ZodIssue, root: unknown): string {
    const { path } = issue;
    const place = placeOf(path);
    const name = path.length === 0 ? "The buildspec" : place;
    const value = path.reduce<unknown>((parent, key) => (parent as Record<PropertyKey, unknown>)[key], root);
    if (issue.code === "unrecognized_keys") {
        const key = placeOf([...path, issue.keys[0]!]);
        return `${key} is no key of the buildspec language; allowed here: ${issue.message}`;
    }
    if (issue.code === "too_big")
        return `${name} has ${(value as unknown[]).length} entries; at most ${issue.maximum} are allowed`;
    if (issue.code !== "invalid_type" && typeof value === "string") {
        return `${name} is "${firstLine(value)}"; allowed: ${issue.message}`;
    }
    const expected = issue.code === "invalid_type" ? issue.expected : "string";
    if (expected === "never") return `${place} ${issue.message}`;
    if (value === undefined) {
        const parent = path.length === 1 ? "The buildspec" : placeOf(path.slice(0, -1));
        return `${parent} has no ${String(path.at(-1))}, which is required`;
    }
    const hint = expected === "string" && place.endsWith("]") ? ' (quote a command that contains ": ")' : "";
    return `${name} is ${described(value)}; it must be ${articles[expected] ?? "text"}${hint}`;
}

function placeOf(path: PropertyKey[]): string {
    const place = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
    return place.replace(/^\./, "");
}

/** Forms of values in words, by zod's names. */
const articles: Partial<Record<string, string>> = { object: "a mapping", record: "a mapping", array: "a list" };

function described(value: unknown): string {
    if (typeof value === "string" && value !== "") return `"${firstLine(value)}"`;
    if (typeof value !== "object" || value === null) return "empty";
    return Array.isArray(value) ? "a list" : "a mapping";
}

function firstLine(message: string): string {
    return (message.split("\n")[0] ?? "").trim().replace(/:$/, "");
}
