import * as fs from "node:fs";
import * as path from "node:path";

/** Reads a buildspec of this package, which lies beside `infra` and beside the `dist` that it is built to. */
export function packagedBuildspec(file: string): string {
    return fs.readFileSync(path.resolve(__dirname, "../../buildspecs", file), "utf8");
}
