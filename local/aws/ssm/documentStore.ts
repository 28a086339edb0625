import { createHash } from "node:crypto";
import { StateFile } from "../stateFile";
import { type CommandDocument, parseDocument } from "./document";
import { RequestError } from "./requestError";

interface Version {
    /** Its text, as it was given. */
    content: string;
    /** Seconds since the epoch. */
    createdDate: number;
}

interface StoredDocument {
    /** The first is version 1. */
    versions: Version[];
    defaultVersion: number;
    targetType?: string;
    tags: { Key: string; Value: string }[];
}

/** What CreateDocument and UpdateDocument take, of what is served here. */
export interface DocumentRequest {
    Name: string;
    Content: string;
    DocumentType?: string;
    DocumentFormat?: string;
    TargetType?: string;
    Tags?: { Key: string; Value: string }[];
    DocumentVersion?: string;
}

/** The documents of one account, with all their versions. */
export class DocumentStore {
    private readonly file: StateFile<Record<string, StoredDocument>>;

    /**
     * @param file where they survive a restart
     * @param accountId 12 digits
     */
    constructor(
        file: string,
        private readonly accountId: string,
    ) {
        this.file = new StateFile(file);
    }

    /** @throws RequestError when there is one of that name, or the content is not valid */
    create(request: DocumentRequest): object {
        const { Name, Content, DocumentType = "Command", DocumentFormat = "JSON", TargetType, Tags = [] } = request;
        const documents = this.file.read({});
        if (documents[Name] !== undefined) {
            throw new RequestError("DocumentAlreadyExists", `Document with name ${Name} already exists.`);
        }
        if (DocumentType !== "Command" || DocumentFormat !== "JSON") {
            throw new RequestError(
                "InvalidDocumentContent",
                `Offline a document is of type Command in JSON, not ${DocumentType} in ${DocumentFormat}.`,
            );
        }
        parseDocument(Content);
        documents[Name] = { versions: [version(Content)], defaultVersion: 1, targetType: TargetType, tags: Tags };
        this.file.write(documents);
        return this.description(Name);
    }

    /** Adds a version. @throws RequestError when the content is not valid or that of the newest version */
    update({ Name, Content, TargetType }: DocumentRequest): object {
        parseDocument(Content);
        return this.change(Name, (document) => {
            if (document.versions.at(-1)?.content === Content) {
                throw new RequestError(
                    "DuplicateDocumentContent",
                    "The content of the association document matches another document. Change the content of the document and try again.",
                );
            }
            document.versions.push(version(Content));
            document.targetType = TargetType ?? document.targetType;
            return document.versions.length;
        });
    }

    /** @throws RequestError when there is no such version */
    setDefault(name: string, documentVersion: string): object {
        return this.change(name, (document) => (document.defaultVersion = versionNumber(document, documentVersion)));
    }

    /** Takes it away with all versions. @throws RequestError when there is none */
    delete(name: string): void {
        const documents = this.file.read({});
        if (documents[name] === undefined) throw missing(name);
        delete documents[name];
        this.file.write(documents);
    }

    /** @returns a DocumentDescription. @param requested number, `$LATEST` or `$DEFAULT` @default the default version */
    description(name: string, requested = "$DEFAULT"): object {
        const document = this.get(name);
        const number = versionNumber(document, requested);
        const { content, createdDate } = document.versions[number - 1]!;
        const { schemaVersion, description, parameters } = parseDocument(content);
        return {
            Name: name,
            Owner: this.accountId,
            CreatedDate: createdDate,
            Status: "Active",
            DocumentVersion: String(number),
            DefaultVersion: String(document.defaultVersion),
            LatestVersion: String(document.versions.length),
            Description: description,
            Parameters: Object.entries(parameters).map(([Name, parameter]) => ({
                Name,
                Type: parameter.type,
                Description: parameter.description,
                DefaultValue: parameter.default,
            })),
            PlatformTypes: ["Linux", "MacOS"],
            DocumentType: "Command",
            SchemaVersion: schemaVersion,
            DocumentFormat: "JSON",
            TargetType: document.targetType,
            Hash: createHash("sha256").update(content).digest("hex"),
            HashType: "Sha256",
            Tags: document.tags,
        };
    }

    /** @returns the text of a version @throws RequestError when there is none */
    content(name: string, requested = "$DEFAULT"): { content: string; version: string } {
        const document = this.get(name);
        const number = versionNumber(document, requested);
        return { content: document.versions[number - 1]!.content, version: String(number) };
    }

    /** The document as it is run, with the version it is of. @throws RequestError when there is none */
    parsed(name: string, requested?: string): { document: CommandDocument; version: string } {
        const { content, version: number } = this.content(name, requested);
        return { document: parseDocument(content), version: number };
    }

    /** Its tags; replaced as a whole when given. @throws RequestError when there is no such document */
    tags(name: string, replace?: (tags: StoredDocument["tags"]) => StoredDocument["tags"]): StoredDocument["tags"] {
        const document = this.get(name);
        if (replace === undefined) return document.tags;
        const tags = replace(document.tags);
        this.file.write({ ...this.file.read({}), [name]: { ...document, tags } });
        return tags;
    }

    private get(name: string): StoredDocument {
        const document = this.file.read({})[name];
        if (document === undefined) throw missing(name);
        return document;
    }

    private change(name: string, edit: (document: StoredDocument) => number): object {
        const documents = this.file.read({});
        const document = documents[name];
        if (document === undefined) throw missing(name);
        const number = edit(document);
        this.file.write(documents);
        return this.description(name, String(number));
    }
}

function version(content: string): Version {
    return { content, createdDate: Date.now() / 1000 };
}

function versionNumber(document: StoredDocument, requested: string): number {
    if (requested === "$DEFAULT") return document.defaultVersion;
    const number = requested === "$LATEST" ? document.versions.length : Number(requested);
    if (document.versions[number - 1] === undefined) {
        throw new RequestError("InvalidDocumentVersion", `The document has no version ${requested}.`);
    }
    return number;
}

function missing(name: string): RequestError {
    return new RequestError("InvalidDocument", `Document with name ${name} does not exist.`);
}
