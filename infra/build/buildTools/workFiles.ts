import * as fs from "node:fs";
import * as path from "node:path";
import type { ProgressSummary } from "./progress";

/** Files of one folder in the forms that bash reads as they are. */
export class WorkFiles {
    /** @param folder an existing folder */
    constructor(readonly folder: string) {}

    /** Makes a folder below. */
    makeFolder(name: string): void {
        fs.mkdirSync(path.join(this.folder, name), { recursive: true });
    }

    /** Writes rows as lines of fields between tabs. */
    writeLines(file: string, rows: string[][]): void {
        this.write(file, rows.map((fields) => `${fields.join("\t")}\n`).join(""));
    }

    /** Writes arguments that end in a zero byte each. */
    writeArguments(file: string, values: string[]): void {
        this.write(file, values.map((one) => `${one}\0`).join(""));
    }

    write(file: string, content: string): void {
        fs.writeFileSync(path.join(this.folder, file), content);
    }

    read(file: string): string {
        return fs.readFileSync(path.join(this.folder, file), "utf8");
    }

    exists(file: string): boolean {
        return fs.existsSync(path.join(this.folder, file));
    }

    /** Whether a build left its summary in a folder. */
    isBuilt(folder: string): boolean {
        return this.exists(path.join(folder, "progress.json"));
    }

    /** The summary that a build left in a folder. */
    summary(folder: string): ProgressSummary {
        return JSON.parse(this.read(path.join(folder, "progress.json"))) as ProgressSummary;
    }

    /**
     * Digest of the image that a build left in a folder.
     *
     * @throws Error when BuildKit told none
     */
    builtDigest(folder: string): string {
        const metadata = JSON.parse(this.read(path.join(folder, "metadata.json"))) as Record<string, unknown>;
        const digest = metadata["containerimage.digest"];
        if (typeof digest === "string") return digest;
        throw new Error(`BuildKit told no digest of ${folder}.`);
    }

    /** Files below a folder whose names end in a text, relative to it; none where there is no such folder. */
    list(folder: string, ending: string): string[] {
        if (!this.exists(folder)) return [];
        const entries = fs.readdirSync(path.join(this.folder, folder), { recursive: true, encoding: "utf8" });
        return entries.filter((entry) => entry.endsWith(ending)).sort();
    }
}
