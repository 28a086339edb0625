import * as fs from "node:fs";
import * as path from "node:path";
import { contentKey } from "./contentKey";

/** Absolute path of the build tools, bundled into one file. It lies beside `infra` and beside the `dist` that it is built to. */
export const toolsFile = path.resolve(__dirname, "../../buildspecs/build-tools.js");

let tools: ReturnType<typeof read> | undefined;

/**
 * Reads the build tools, the script that builds run.
 *
 * @returns the script and its key in the cache bucket; a changed content changes the key
 */
export function packagedTools() {
    tools ??= read();
    return tools;
}

function read() {
    const content = fs.readFileSync(toolsFile, "utf8");
    return { key: contentKey(content, ".js"), content };
}
