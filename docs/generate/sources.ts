import * as fs from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot, settings } from "../../infra/config/settings";
import type { SettingSources } from "./reference";
import type { Declaration, JsonSchema } from "./settings";

/** Absolute path of the page that is written. */
export const referenceFile = path.join(projectRoot, "docs", "reference.md");

/** Reads Pulumi.yaml and the schema of infra's settings. */
export async function readSources(): Promise<SettingSources> {
    const text = await fs.readFile(path.join(projectRoot, "Pulumi.yaml"), "utf8");
    const { config } = parse(text) as { config: Record<string, Declaration> };
    // caCertificates becomes the file's content, which has no JSON schema; Pulumi.yaml has its type.
    const schema = z.toJSONSchema(settings, { io: "output", unrepresentable: "any" }) as JsonSchema;
    return { declarations: config, schema };
}
