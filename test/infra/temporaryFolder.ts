import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Registers hooks that give each test of the surrounding `describe` an empty folder and remove it afterwards. */
export function temporaryFolder(): { readonly path: string } {
    const folder = { path: "" };
    beforeEach(() => {
        folder.path = fs.mkdtempSync(path.join(os.tmpdir(), "cached-image-pipeline-"));
    });
    afterEach(() => fs.rmSync(folder.path, { recursive: true, force: true }));
    return folder;
}

/**
 * Writes files below a folder, by path. A path that ends in `/` makes an empty folder, a content `-> target` a symbolic link.
 *
 * @returns the folder, for use as a context
 */
export function writeTree(folder: string, files: Record<string, string | Buffer>): string {
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
        const location = path.join(folder, name);
        fs.mkdirSync(name.endsWith("/") ? location : path.dirname(location), { recursive: true });
        if (name.endsWith("/")) continue;
        if (typeof content === "string" && content.startsWith("-> ")) fs.symlinkSync(content.slice(3), location);
        else fs.writeFileSync(location, content);
    }
    return folder;
}
