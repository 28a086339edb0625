import * as fs from "node:fs";
import * as path from "node:path";

/** Reads the table of docs/guides/aws.md. @returns actions by resource type */
export function documentedPermissions(): Map<string, string[]> {
    const text = fs.readFileSync(path.resolve(__dirname, "../../docs/guides/aws.md"), "utf8");
    const rows = [...text.matchAll(/^\| `((?:aws|awsx|docker-build):[^`]+)` +\|[^|]*\|(.*)\|$/gm)];
    return new Map(
        rows.map(([, type, cell]) => [type!, [...cell!.matchAll(/`([^`]+)`/g)].map(([, action]) => action!)]),
    );
}
