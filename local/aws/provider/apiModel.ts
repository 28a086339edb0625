import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { type TranslatedPattern, translatePattern } from "./apiPattern";

/** Shape of a botocore service model, with the fields that validation reads. */
interface ApiShape {
    type: string;
    required?: string[];
    members?: Record<string, { shape: string }>;
    member?: { shape: string };
    key?: { shape: string };
    value?: { shape: string };
    min?: number;
    max?: number;
    pattern?: string;
    enum?: string[];
    union?: boolean;
    document?: boolean;
    sensitive?: boolean;
}

/** Model of one service, published by AWS (botocore's `service-2.json`). */
export interface ApiModel {
    /** Name as botocore and IAM actions write it, for example `ecr` or `logs`. */
    service: string;
    operations: Record<string, { input?: { shape: string } }>;
    shapes: Record<string, ApiShape>;
}

/**
 * Reads the newest model of a service.
 *
 * @param directory botocore's `data` folder
 * @param service folder name in it, for example `ecr`, `logs`, `secretsmanager`
 * @throws Error when the folder holds no model of that service
 */
export function loadApiModel(directory: string, service: string): ApiModel {
    const folder = path.join(directory, service);
    if (!fs.existsSync(folder)) {
        throw new Error(
            `No API model of ${service} in ${directory}; set AWS_API_MODELS to the data folder of an installed botocore.`,
        );
    }
    const newest = fs.readdirSync(folder).sort().pop() ?? "";
    const plain = path.join(folder, newest, "service-2.json");
    const text = fs.existsSync(plain) ? fs.readFileSync(plain) : gunzipSync(fs.readFileSync(`${plain}.gz`));
    const { operations, shapes } = JSON.parse(text.toString("utf8")) as Omit<ApiModel, "service">;
    return { service, operations, shapes };
}

/**
 * Checks a request against the model: required and unknown members, types, enumerations, patterns, lengths and ranges, through nested
 * structures, lists and maps.
 *
 * @param operation API name, for example `CreateRepository`
 * @param request the request's members as the SDK takes them; members that are undefined count as absent
 * @returns one clause for each violation, empty when the request is valid
 */
export function validateRequest(model: ApiModel, operation: string, request: unknown): string[] {
    const definition = model.operations[operation];
    if (definition === undefined) return [`is not an operation of ${model.service}`];
    if (definition.input === undefined) return [];
    return new RequestValidator(model).validate(definition.input.shape, request, "");
}

/** Lists the constraints of a model that {@link validateRequest} cannot check, each with the name of its shape and the reason. */
export function uncheckedConstraints(model: ApiModel) {
    return Object.entries(model.shapes).flatMap(([shape, definition]) => {
        if (definition.document) return [{ shape, constraint: "document", reason: "a document may hold any value" }];
        if (definition.pattern === undefined) return [];
        const translated = translatePattern(definition.pattern);
        return "reason" in translated ? [{ shape, constraint: definition.pattern, reason: translated.reason }] : [];
    });
}

const patterns = new Map<string, TranslatedPattern>();

function patternOf(text: string): TranslatedPattern {
    let translated = patterns.get(text);
    if (translated === undefined) {
        translated = translatePattern(text);
        patterns.set(text, translated);
    }
    return translated;
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(shape: ApiShape, value: unknown): string {
    if (shape.sensitive) return "(a secret value)";
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Tests for the JavaScript types that the SDK takes for scalars of the model. */
const scalarTypes: Record<string, (value: unknown) => boolean> = {
    string: (value) => typeof value === "string",
    character: (value) => typeof value === "string",
    boolean: (value) => typeof value === "boolean",
    integer: (value) => Number.isInteger(value),
    long: (value) => Number.isInteger(value),
    float: (value) => typeof value === "number",
    double: (value) => typeof value === "number",
    timestamp: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    blob: (value) => typeof value === "string" || isRecord(value),
};

class RequestValidator {
    constructor(private readonly model: ApiModel) {}

    validate(shapeName: string, value: unknown, where: string): string[] {
        const shape = this.model.shapes[shapeName];
        if (shape === undefined) return [`${where} has the shape ${shapeName}, which the model does not define`];
        if (shape.document) return [];
        switch (shape.type) {
            case "structure":
                return this.structure(shape, value, where);
            case "list":
                return this.list(shape, value, where);
            case "map":
                return this.map(shape, value, where);
            default:
                return this.scalar(shape, value, where);
        }
    }

    private structure(shape: ApiShape, value: unknown, where: string): string[] {
        if (!isRecord(value)) return [`${where} ${shown(shape, value)} is not a structure`];
        const at = (member: string) => (where === "" ? member : `${where}.${member}`);
        const given = Object.entries(value).filter(([, member]) => member !== undefined);
        const names = new Set(given.map(([name]) => name));
        const problems = (shape.required ?? [])
            .filter((name) => !names.has(name) || value[name] === null)
            .map((name) => `${at(name)} is required`);
        if (shape.union && given.length !== 1) problems.push(`${where} must have exactly one member`);
        for (const [name, member] of given) {
            const definition = shape.members?.[name];
            if (definition === undefined) problems.push(`${at(name)} is not a member that the API knows`);
            else if (member !== null) problems.push(...this.validate(definition.shape, member, at(name)));
        }
        return problems;
    }

    private list(shape: ApiShape, value: unknown, where: string): string[] {
        if (!Array.isArray(value)) return [`${where} ${shown(shape, value)} is not a list`];
        const member = shape.member?.shape ?? "";
        return [
            ...size(shape, value.length, where, "has", "items"),
            ...value.flatMap((item, index) => this.validate(member, item, `${where}[${index}]`)),
        ];
    }

    private map(shape: ApiShape, value: unknown, where: string): string[] {
        if (!isRecord(value)) return [`${where} ${shown(shape, value)} is not a map`];
        const entries = Object.entries(value);
        return [
            ...size(shape, entries.length, where, "has", "entries"),
            ...entries.flatMap(([key, item]) => [
                ...this.validate(shape.key?.shape ?? "", key, `${where} key`),
                ...this.validate(shape.value?.shape ?? "", item, `${where}[${JSON.stringify(key)}]`),
            ]),
        ];
    }

    private scalar(shape: ApiShape, value: unknown, where: string): string[] {
        const hasType = scalarTypes[shape.type];
        if (hasType === undefined) return [`${where} has the type ${shape.type}, which validation does not know`];
        if (!hasType(value)) return [`${where} ${shown(shape, value)} is not of type ${shape.type}`];
        if (typeof value === "number") return size(shape, value, where, "is", "");
        if (typeof value !== "string" || shape.type === "blob") return [];
        const problems = size(shape, value.length, where, "has", "characters");
        if (shape.enum !== undefined && !shape.enum.includes(value)) {
            problems.push(`${where} ${shown(shape, value)} is not one of ${shape.enum.join(", ")}`);
        }
        const pattern = shape.pattern === undefined ? undefined : patternOf(shape.pattern);
        if (pattern !== undefined && "expression" in pattern && !pattern.expression.test(value)) {
            problems.push(`${where} ${shown(shape, value)} does not match ${shape.pattern}`);
        }
        return problems;
    }
}

function size(shape: ApiShape, actual: number, where: string, verb: string, unit: string): string[] {
    const found = `${where} ${verb} ${actual}${unit === "" ? "" : ` ${unit}`}`;
    if (shape.min !== undefined && actual < shape.min) return [`${found}, at least ${shape.min} required`];
    if (shape.max !== undefined && actual > shape.max) return [`${found}, at most ${shape.max} allowed`];
    return [];
}
