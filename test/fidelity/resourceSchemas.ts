import * as fs from "node:fs";
import * as path from "node:path";
import { toolsDirectory } from "../../local/paths";

/** Parts of CloudFormation's schema of a resource type that tests need. */
export interface ResourceSchema {
    properties: Record<string, unknown>;
    /** JSON pointers of properties whose change replaces the resource. */
    createOnlyProperties?: string[];
}

/** Reads CloudFormation's schema of a resource type in us-east-1 from cfn-lint. @throws Error when there is none */
export function resourceSchema(type: string): ResourceSchema {
    const schemas = path.join(pythonPackages(), "cfnlint/data/schemas");
    const read = (file: string) => JSON.parse(fs.readFileSync(path.join(schemas, file), "utf8")) as unknown;
    const names = read("providers/us-east-1.json") as Record<string, string>;
    if (names[type] === undefined) throw new Error(`cfn-lint knows no resource type ${type}.`);
    return read(`resources/${names[type]}.json`) as ResourceSchema;
}

function pythonPackages(): string {
    const library = path.join(toolsDirectory, "python/lib");
    const version = fs.readdirSync(library).find((name) => name.startsWith("python3"));
    return path.join(library, version!, "site-packages");
}
