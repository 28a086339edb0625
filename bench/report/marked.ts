import * as fs from "node:fs/promises";
import * as prettier from "prettier";

/** Lines that enclose the benchmark's text in a page. */
const marks = {
    begin: "<!-- Written by `npm run bench`, not to be edited. -->",
    end: "<!-- The end of what `npm run bench` writes. -->",
};

/**
 * Replaces the text between the marks of a page.
 *
 * @param file page to change
 * @param section Markdown to write
 * @throws Error for a page without the marks
 */
export async function writeMarked(file: string, section: string): Promise<void> {
    await fs.writeFile(file, await withMarked(file, await fs.readFile(file, "utf8"), section));
}

/**
 * Renders a page with another text between its marks.
 *
 * @param file page whose place decides on the format
 * @param text present text of the whole page
 * @param section Markdown to put between the marks
 * @returns the whole page, formatted
 * @throws Error for a page without the marks
 */
export async function withMarked(file: string, text: string, section: string): Promise<string> {
    const [before, rest] = text.split(marks.begin);
    const after = rest?.split(marks.end)[1];
    if (before === undefined || after === undefined) {
        throw new Error(`${file} has no place for the results; it is between ${marks.begin} and ${marks.end}.`);
    }
    const options = await prettier.resolveConfig(file);
    const page = `${before}${[marks.begin, section, marks.end].join("\n\n")}${after}`;
    return prettier.format(page, { ...options, filepath: file });
}
