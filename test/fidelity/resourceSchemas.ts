import * as fs from "node:fs";
import * as path from "node:path";
import { toolsDirectory } from "../../local/paths";

/** What CloudFormation's schema of a resource type says, as far as tests need it. */
export interface ResourceSchema {
    properties: Record<string, unknown>;
    /** JSON pointers of what makes another resource when it changes. */
    createOnlyProperties?: string[];
}

/** CloudFormation's schema of a resource type in us-east-1, as cfn-lint brings it along. @throws when there is none */
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
