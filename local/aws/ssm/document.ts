import { z } from "zod";
import { RequestError } from "../requestError";

const parameterSchema = z.strictObject({
    type: z.literal("String"),
    description: z.string().optional(),
    default: z.string().optional(),
    allowedValues: z.array(z.string()).optional(),
    allowedPattern: z.string().optional(),
    interpolationType: z.literal("ENV_VAR").optional(),
});

const stepSchema = z.strictObject({
    action: z.literal("aws:runShellScript"),
    name: z.string().regex(/^[a-zA-Z0-9_]+$/),
    precondition: z.strictObject({ StringEquals: z.tuple([z.literal("platformType"), z.string()]) }).optional(),
    inputs: z.strictObject({
        runCommand: z.array(z.string()),
        timeoutSeconds: z.string().regex(/^\d+$/).default("3600"),
    }),
});

const documentSchema = z.strictObject({
    schemaVersion: z.literal("2.2"),
    description: z.string().optional(),
    parameters: z.record(z.string().regex(/^[A-Za-z0-9]+$/), parameterSchema).default({}),
    mainSteps: z.array(stepSchema).min(1),
});

/** Parameter of a document. */
export type DocumentParameter = z.output<typeof parameterSchema>;

/** Step of a document. */
export type DocumentStep = z.output<typeof stepSchema>;

/** Command document, with the parts of SSM's format that can be run here. */
export type CommandDocument = z.output<typeof documentSchema>;

/** Size limit of a document in bytes (Systems Manager endpoints and quotas). */
const largestDocument = 64 * 1024;

/** Pattern of a reference to a parameter, as the agent replaces it. */
export const reference = /\{\{\s*([A-Za-z0-9]+)\s*\}\}/g;

/**
 * Parses the content of a document.
 *
 * @throws RequestError when it is no Command document of schema 2.2, or has a part that cannot be run here
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
 */
export function parseDocument(content: string): CommandDocument {
    if (Buffer.byteLength(content) > largestDocument) {
        throw new RequestError("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.");
    }
    const document = documentSchema.safeParse(json(content));
    if (!document.success) {
        const [issue] = document.error.issues;
        throw invalid(`${issue?.path.join(".") || "The document"}: ${issue?.message}`);
    }
    for (const { inputs } of document.data.mainSteps) {
        const text = inputs.runCommand.join("\n");
        for (const [whole, name = ""] of text.matchAll(reference)) {
            if (!(name in document.data.parameters)) throw invalid(`${whole} refers to no parameter of the document.`);
        }
        // Other braces would be Systems Manager's own, or would become so.
        if (text.replaceAll(reference, "").includes("{{"))
            throw invalid("{{ may only stand around a parameter's name.");
    }
    return document.data;
}

function json(content: string): unknown {
    try {
        return JSON.parse(content);
    } catch {
        throw invalid("JSON not well-formed.");
    }
}

function invalid(message: string): RequestError {
    return new RequestError("InvalidDocumentContent", message);
}
