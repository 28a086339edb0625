/** Link of a page. */
export interface Link {
    /** Address in the page. */
    target: string;
    /** Line of the link, from 1. */
    line: number;
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
