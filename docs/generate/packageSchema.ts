import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type AnalyzeResult, Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema, type PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";
import * as library from "../../infra/components";
import { projectRoot } from "../../infra/config/settings";

/** Absolute path of the committed schema, by which programs of other languages use the components. */
export const schemaFile = path.join(projectRoot, "schema.json");

/** Names of the components that the library exports, in the order of the alphabet. */
export const components: readonly string[] = Object.entries(library)
    .filter(([, exported]) => (exported as { prototype?: unknown }).prototype instanceof pulumi.ComponentResource)
    .map(([component]) => component)
    .sort();

/** Reads the types of the components with Pulumi's own analyzer, which needs some seconds. */
export function analyzeComponents(): AnalyzeResult {
    const folder = path.join(projectRoot, "infra");
    return new Analyzer(folder, "cached-image-pipeline", { main: "components.ts" }, new Set(components)).analyze();
}

/** Makes the schema of the package from what the analyzer found, with name, version and description of package.json. */
export async function packageSchema({
    components,
    typeDefinitions,
    dependencies,
}: AnalyzeResult): Promise<PackageSpec> {
    const manifest = await fs.readFile(path.join(projectRoot, "package.json"), "utf8");
    const { name, version, description } = JSON.parse(manifest) as Record<"name" | "version" | "description", string>;
    return generateSchema(name, version, description, components, typeDefinitions, dependencies);
}

/** Reads the committed schema. */
export async function readSchema(): Promise<PackageSpec> {
    return JSON.parse(await fs.readFile(schemaFile, "utf8")) as PackageSpec;
}

/** Renders a schema as the file has it. */
export function renderSchema(schema: PackageSpec): string {
    return `${JSON.stringify(schema, undefined, 2)}\n`;
}
