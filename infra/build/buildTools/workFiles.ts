import * as fs from "node:fs";
import * as path from "node:path";

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

    /** Files below a folder whose names end in a text, relative to it; none where there is no such folder. */
    list(folder: string, ending: string): string[] {
        if (!this.exists(folder)) return [];
        const entries = fs.readdirSync(path.join(this.folder, folder), { recursive: true, encoding: "utf8" });
        return entries.filter((entry) => entry.endsWith(ending)).sort();
    }
}
