/** Link of a page. */
export interface Link {
    /** Address in the page. */
    target: string;
    /** Line of the link, from 1. */
    line: number;
}

/** Fenced code of a page. */
export interface CodeBlock {
    /** Language that the fence names; empty where it names none. */
    language: string;
    /** Content between the fences, without the indentation of a list. */
    text: string;
    /** Line of the opening fence, from 1. */
    line: number;
    /** Nearest heading above; empty where there is none. */
    heading: string;
}

/** Lists the fenced code of a page. @throws Error for a fence that is never closed */
export function codeBlocksOf(text: string): CodeBlock[] {
    const blocks: CodeBlock[] = [];
    let heading = "";
    let open: (CodeBlock & { indent: number; fence: string; lines: string[] }) | undefined;
    for (const [index, line] of text.split("\n").entries()) {
        const [, indent, fence, language] = /^(\s*)(```|~~~)\s*(\S*)\s*$/.exec(line) ?? [];
        if (open === undefined) {
            heading = /^#{1,6} +(.*?)(?: +#+)? *$/.exec(line)?.[1] ?? heading;
            if (indent === undefined) continue;
            const place = { language: language!, line: index + 1, heading };
            open = { ...place, text: "", indent: indent.length, fence: fence!, lines: [] };
        } else if (fence === open.fence && language === "") {
            blocks.push({
                language: open.language,
                text: open.lines.join("\n"),
                line: open.line,
                heading: open.heading,
            });
            open = undefined;
        } else {
            open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
        }
    }
    if (open !== undefined) throw new Error(`The fence of line ${open.line} is never closed.`);
    return blocks;
}

/** Lists the links and images of a page, without similar text in code. */
export function linksOf(text: string): Link[] {
    return proseLines(text).flatMap(({ prose, line }) =>
        [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].map(([, target]) => ({ target: target!, line })),
    );
}

/**
 * Lists the anchors of a page's headings, as GitHub names them.
 *
 * @see https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
 */
export function anchorsOf(text: string): Set<string> {
    const anchors = new Set<string>();
    for (const line of textLines(text)) {
        const heading = /^#{1,6} +(.*?)(?: +#+)? *$/.exec(line.text)?.[1];
        if (heading === undefined) continue;
        const slug = slugOf(heading);
        let anchor = slug;
        for (let number = 1; anchors.has(anchor); number++) anchor = `${slug}-${number}`;
        anchors.add(anchor);
    }
    return anchors;
}

function slugOf(heading: string): string {
    const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    return shown
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
        .replace(/ /g, "-");
}

/** Lists the lines outside of fenced code, without the code in them. */
function proseLines(text: string): { prose: string; line: number }[] {
    return textLines(text).map(({ text: line, number }) => ({ prose: line.replace(/`[^`]*`/g, "``"), line: number }));
}

/** Lists the lines outside of fenced code. */
function textLines(text: string): { text: string; number: number }[] {
    let isCode = false;
    return text.split("\n").flatMap((line, index) => {
        const isFence = /^\s*(```|~~~)/.test(line);
        if (isFence) isCode = !isCode;
        return isCode || isFence ? [] : [{ text: line, number: index + 1 }];
    });
}
