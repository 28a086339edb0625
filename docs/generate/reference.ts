import * as prettier from "prettier";
import { outputs } from "./outputs";
import { type Declaration, describeSetting, type JsonSchema, type Setting, type SettingRow } from "./settings";

/** Sources of the settings. */
export interface SettingSources {
    /** Section `config` of Pulumi.yaml. */
    declarations: Record<string, Declaration>;
    /** JSON schema of all settings. */
    schema: JsonSchema;
}

/**
 * Renders docs/reference.md.
 *
 * @param file place of the page, which decides on the format
 * @throws Error where Pulumi.yaml and the schema do not have the same settings
 */
export async function referencePage(file: string, { declarations, schema }: SettingSources): Promise<string> {
    const { properties = {} } = schema;
    const settings = Object.entries(declarations).map(([name, declaration]) => {
        const one = properties[name];
        if (one === undefined) throw new Error(`Pulumi.yaml declares ${name}, which is not a setting.`);
        return describeSetting(name, declaration, one);
    });
    const page = [
        "# Settings and outputs",
        "<!-- Written by `npm run docs`, not to be edited. -->",
        "## Settings",
        "`pulumi config set <setting> <value> -s <stack>` sets a plain setting, `pulumi config set --path '<setting>.<field>' <value> -s <stack>` a field of a structured one. Paths of files and folders are relative to Pulumi.yaml. A wrong setting stops an update before it creates anything, with one sentence that names the setting, the value, and the allowed values.",
        settingsTable("setting", settings),
        ...settings.filter(({ isStructured }) => isStructured).flatMap(section),
        "## Outputs",
        "`pulumi stack output <output> -s <stack>` prints an output. An output without a value is absent.",
        table(
            ["output", "present", "description"],
            Object.entries(outputs).map(([name, { present, description }]) => [`\`${name}\``, present, description]),
        ),
        "",
    ].join("\n\n");
    return prettier.format(page, { ...(await prettier.resolveConfig(file)), filepath: file });
}

function section({ name, description, type, fields }: Setting): string[] {
    const each = type === "list" ? " Each entry has these fields:" : "";
    return [`### ${name}`, `${description}${each}`, settingsTable("field", fields)];
}

function settingsTable(kind: string, rows: SettingRow[]): string {
    const link = ({ name, isStructured }: SettingRow) =>
        isStructured && kind === "setting" ? `[\`${name}\`](#${name.toLowerCase()})` : `\`${name}\``;
    return table(
        [kind, "values", "default", "description"],
        rows.map((row) => [link(row), row.type, row.default, row.description]),
    );
}

function table(head: string[], rows: string[][]): string {
    const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
