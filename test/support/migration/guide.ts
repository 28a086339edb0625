import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../../local/paths";
import { codeBlocksOf } from "../markdown";

/** Page that the tests of migrations run. */
const page = "docs/guides/migration.md";

/** Code of a section: a program, the file of `pulumi import`, commands. */
export interface GuideSection {
    /** Content of index.ts. @default - the section has none */
    program?: string;
    /** Content of import.json. @default - the section has none */
    imports?: string;
    /** Commands. @default - the section has none */
    commands?: string;
}

/**
 * Reads the code of a section of the guide.
 *
 * @throws Error for a section that does not exist, or has two blocks of one language
 */
export function guideSection(heading: string): GuideSection {
    const blocks = codeBlocksOf(fs.readFileSync(path.join(projectRoot, page), "utf8")).filter(
        (block) => block.heading === heading,
    );
    if (blocks.length === 0) throw new Error(`${page} has no code below the heading "${heading}".`);
    const of = (language: string) => {
        const [block, second] = blocks.filter((one) => one.language === language);
        if (second !== undefined) throw new Error(`${page}:${second.line} is the second block of ${language}.`);
        return block?.text;
    };
    return { program: of("ts"), imports: of("json"), commands: of("sh") };
}
