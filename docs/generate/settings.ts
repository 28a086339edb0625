/** Part of a JSON schema that the reference shows. @see https://json-schema.org/draft/2020-12/schema */
export interface JsonSchema {
    type?: string;
    enum?: (string | number)[];
    minimum?: number;
    maximum?: number;
    default?: unknown;
    items?: JsonSchema;
    /** Fields of an object. */
    properties?: Record<string, JsonSchema>;
    /** Names of fields that always have a value: those without a default have to be given. */
    required?: string[];
    /** Schema of the values of an object whose keys are free; false for an object with fields. */
    additionalProperties?: JsonSchema | false;
}

/** Setting as Pulumi.yaml declares it. */
export interface Declaration {
    type: string;
    /** Default; an empty text, list or object stands for none. */
    default: unknown;
    /** Prose, then a line `- field: prose` for each field of a structured setting. */
    description: string;
}

/** Row of the reference. */
export interface SettingRow {
    /** Name; fields of structured settings have the path below the setting. */
    name: string;
    /** Values that the setting takes, in words. */
    type: string;
    /** Default, in words; `required` for a field that has to be given. */
    default: string;
    /** Description, in prose. */
    description: string;
    /** Whether the setting is structured: it has rows of its own for its fields. */
    isStructured: boolean;
}

/** Setting with the fields of a structured one. */
export interface Setting extends SettingRow {
    /** Fields in the order of the schema; empty for a plain setting. */
    fields: SettingRow[];
}

/**
 * Joins the schema of a setting with its description.
 *
 * @throws Error where descriptions and fields do not match, naming both
 */
export function describeSetting(name: string, declaration: Declaration, schema: JsonSchema): Setting {
    const { type, default: value, description } = declaration;
    const [text = "", ...bullets] = description.split(/\n- /);
    const described = new Map(bullets.map((bullet) => fieldDescription(name, bullet)));
    const fields = fieldsOf(schema).map(([path, field, isRequired]) => {
        const prose = described.get(path);
        if (prose === undefined) throw new Error(`Pulumi.yaml does not describe ${name}.${path}: add "- ${path}: …".`);
        described.delete(path);
        return row(path, prose, field, isRequired);
    });
    const [unknown] = described.keys();
    if (unknown !== undefined) throw new Error(`Pulumi.yaml describes ${name}.${unknown}, which is not a setting.`);
    return { ...row(name, text, { type, ...schema, default: value }, false), fields };
}

function fieldDescription(setting: string, bullet: string): [path: string, prose: string] {
    const found = /^([\w.]+): (.+)$/s.exec(bullet);
    if (found === null)
        throw new Error(`Pulumi.yaml describes ${setting} by "- ${bullet}"; allowed: "- field: prose".`);
    return [found[1]!, found[2]!];
}

/** Path of a field below its setting, its schema, and whether it always has a value. */
type Field = [path: string, schema: JsonSchema, isRequired: boolean];

/** Lists the fields of an object, or of the objects of a list, with those of inner objects after their own. */
function fieldsOf(schema: JsonSchema, prefix = ""): Field[] {
    const { properties = {}, required = [] } = schema.items ?? schema;
    return Object.entries(properties).flatMap(([name, field]) => {
        const path = `${prefix}${name}`;
        return [[path, field, required.includes(name)], ...fieldsOf(field, `${path}.`)] satisfies Field[];
    });
}

function row(name: string, description: string, schema: JsonSchema, isRequired: boolean): SettingRow {
    const text = description.replaceAll(/\s*\n\s*/g, " ").trim();
    const [, prose = text, stated] = /^(.*?)(?: Default: (.+)\.)?$/s.exec(text) ?? [];
    const own = schema.default === undefined || isEmpty(schema.default) ? undefined : code(schema.default);
    return {
        name,
        type: typeInWords(schema),
        default: stated ?? own ?? (isRequired && schema.default === undefined ? "required" : "none"),
        description: prose,
        isStructured: fieldsOf(schema).length > 0,
    };
}

function isEmpty(value: unknown): boolean {
    return value === "" || (typeof value === "object" && Object.keys(value as object).length === 0);
}

function typeInWords(schema: JsonSchema): string {
    const { type, items, additionalProperties: values, minimum, maximum } = schema;
    if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
    if (type === "array") return items?.properties === undefined ? `list: ${typeInWords(items ?? {})}` : "list";
    if (type === "object") return typeof values === "object" ? "texts by name" : "object";
    if (type === "boolean") return "`true`, `false`";
    if (type === "integer") return ["integer", rangeInWords(minimum, maximum)].filter((part) => part !== "").join(", ");
    return "text";
}

function rangeInWords(minimum: number | undefined, maximum: number | undefined): string {
    // zod bounds every integer by what JavaScript represents exactly.
    const isBound = (bound: number | undefined) => bound !== undefined && Number.isSafeInteger(bound * 2);
    if (isBound(maximum)) return `${minimum} to ${maximum}`;
    return isBound(minimum) ? `at least ${minimum}` : "";
}

function code(value: unknown): string {
    return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
