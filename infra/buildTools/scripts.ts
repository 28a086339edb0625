import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Scripts of `deploy/` by their paths there, which the bundle holds. */
declare const DEPLOY_SCRIPTS: Record<string, string>;

/**
 * Writes the scripts of deploys to a folder. They come with the build tools, so that no commit can change what runs under the role of
 * deploys.
 */
export async function writeScripts(folder: string): Promise<void> {
    for (const [name, content] of Object.entries(DEPLOY_SCRIPTS)) {
        const file = path.join(folder, name);
        await fs.mkdir(path.dirname(file), { recursive: true });
        await fs.writeFile(file, content, { mode: 0o755 });
    }
}
