import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { toolsDirectory } from "../../local/paths";
import { runCommand } from "../../local/world/toolchain/command";

/** Remark of cfn-lint. */
interface Remark {
    Filename: string;
    Rule: { Id: string };
    Message: string;
    Location: { Path: string[] };
}

/** Checks a template of CloudFormation with cfn-lint. @returns its remarks: rule, place and message */
export async function lint(template: object): Promise<string[]> {
    const [remarks] = await lintAll([template]);
    return remarks!;
}

/** Checks templates with one run of cfn-lint, which takes most of its time to start. @returns the remarks on each template */
export async function lintAll(templates: object[]): Promise<string[][]> {
    const folder = await fs.mkdtemp(path.join(tmpdir(), "templates-"));
    try {
        const files = templates.map((_, index) => path.join(folder, `${index}.json`));
        for (const [index, file] of files.entries()) await fs.writeFile(file, JSON.stringify(templates[index]));
        const output = await runCommand(path.join(toolsDirectory, "python/bin/cfn-lint"), [
            ...["--format", "json", "--non-zero-exit-code", "none", "--template", ...files],
        ]);
        const remarks = JSON.parse(output || "[]") as Remark[];
        return files.map((file) =>
            remarks
                .filter(({ Filename }) => Filename === file)
                .map(({ Rule, Message, Location }) => `${Rule.Id} ${Location.Path.join(".")}: ${Message}`),
        );
    } finally {
        await fs.rm(folder, { recursive: true });
    }
}
