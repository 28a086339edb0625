import { createHash } from "node:crypto";
import { StateFile } from "../stateFile";
import { type CommandDocument, parseDocument } from "./document";
import { RequestError } from "../requestError";

interface Version {
    /** Text of the version, unchanged. */
    content: string;
    /** Time of creation in seconds since the epoch. */
    createdDate: number;
}

interface StoredDocument {
    /** Versions of the document; the first is version 1. */
    versions: Version[];
    defaultVersion: number;
    targetType?: string;
    tags: { Key: string; Value: string }[];
}

/** Members of CreateDocument and UpdateDocument that are served here. */
export type DocumentRequest = Record<"Name" | "Content", string> &
    Partial<Record<"DocumentType" | "DocumentFormat" | "TargetType", string>> & { Tags?: StoredDocument["tags"] };

/** Documents of one account, with all their versions. */
export class DocumentStore {
    private readonly file: StateFile<Record<string, StoredDocument>>;

    /**
     * @param file file in which the documents survive a restart
     * @param accountId 12 digits
     */
    constructor(
        file: string,
        private readonly accountId: string,
    ) {
        this.file = new StateFile(file);
    }

    /** Creates a document. @throws RequestError for an existing name or an invalid content */
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

    /** Adds a version. @throws RequestError for an invalid content and for that of the newest version */
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

    /** Sets the default version. @throws RequestError when there is no such version */
    setDefault(name: string, documentVersion: string): object {
        return this.change(name, (document) => (document.defaultVersion = versionNumber(document, documentVersion)));
    }

    /** Deletes a document with all versions. @throws RequestError when there is none */
    delete(name: string): void {
        const documents = this.file.read({});
        if (documents[name] === undefined) throw missing(name);
        delete documents[name];
        this.file.write(documents);
    }

    /** Describes a document. @returns a DocumentDescription. @param requested number, `$LATEST` or `$DEFAULT` @default the default version */
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

    /** Reads a version. @returns its text @throws RequestError when there is none */
    content(name: string, requested = "$DEFAULT"): { content: string; version: string } {
        const document = this.get(name);
        const number = versionNumber(document, requested);
        return { content: document.versions[number - 1]!.content, version: String(number) };
    }

    /** Parses a document for a run, with the number of its version. @throws RequestError when there is none */
    parsed(name: string, requested?: string): { document: CommandDocument; version: string } {
        const { content, version: number } = this.content(name, requested);
        return { document: parseDocument(content), version: number };
    }

    /** Returns the tags of a document, after replacing them as a whole if asked to. @throws RequestError when there is no such document */
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
