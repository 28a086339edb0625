import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Site of packages that build steps download: a folder that a server shows. */
export class PackageSite {
    /**
     * @param folder an existing folder (absolute)
     * @param origin address of the folder's server, such as http://127.0.0.1:5000
     */
    constructor(
        readonly folder: string,
        readonly origin: string,
    ) {}

    /** Writes a file. @param name path below the origin */
    async write(name: string, content: string | Buffer | Uint8Array): Promise<void> {
        const file = path.join(this.folder, name);
        await fs.mkdir(path.dirname(file), { recursive: true });
        await fs.writeFile(file, content);
    }
}
