import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { contextEntries } from "../../../infra/plan/buildContext";
import { temporaryFolder, writeTree } from "../temporaryFolder";
import recorded from "../image/ignoreCases.json";

describe("an ignore file", () => {
    const folder = temporaryFolder();

    /** Lists the paths of the entries of a context with these files. */
    function listed(folder: string, files: Record<string, string>): string[] {
        const context = writeTree(folder, files);
        return contextEntries(context, path.join(context, "../Dockerfile")).map((entry) => entry.path);
    }

    const files = {
        "a.md": "",
        "main.go": "",
        "README.md": "",
        "docs/a.md": "",
        "docs/api/b.md": "",
        "docs/keep/c.md": "",
        "src/main.go": "",
        "src/x.log": "",
    };
    const everything = [
        ".dockerignore",
        "README.md",
        "a.md",
        "docs",
        "docs/a.md",
        "docs/api",
        "docs/api/b.md",
        "docs/keep",
        "docs/keep/c.md",
        "main.go",
        "src",
        "src/main.go",
        "src/x.log",
    ];
    const docs = everything.filter((name) => name.startsWith("docs"));
    const markdown = everything.filter((name) => name.endsWith(".md"));
    const table: [what: string, ignoreFile: string, left: string[]][] = [
        ["nothing", "", []],
        ["nothing for comments and empty lines", "# docs\n\n   \n#src", []],
        ["a folder with everything below", "docs", docs],
        ["a folder named with a trailing slash", "docs/", docs],
        ["a folder named with a leading slash", "/docs", docs],
        ["a folder named in a roundabout way", "./src/../docs//", docs],
        ["a file of that place only", "main.go", ["main.go"]],
        ["a name in upper case only where it is written so", "readme.md\nDOCS", []],
        ["* in one folder", "*.md", ["README.md", "a.md"]],
        ["* one folder below", "*/*.md", ["docs/a.md"]],
        ["? as one character", "?.md", ["a.md"]],
        ["? never as a slash", "src?main.go", []],
        ["a class of characters", "[ab].md", ["a.md"]],
        ["a name anywhere", "**/main.go", ["main.go", "src/main.go"]],
        ["an ending anywhere", "**/*.md", markdown],
        ["an ending anywhere without a slash", "**.md", markdown],
        ["everything below a folder but the folder", "docs/**", docs.slice(1)],
        ["a name at any depth below a folder", "docs/**/c.md", ["docs/keep/c.md"]],
        ["everything", "*", everything],
        ["everything, said otherwise", "**", everything],
        ["all but an exception", "*\n!main.go", everything.filter((name) => name !== "main.go")],
        ["all but an exception deep inside", "docs\n!docs/keep/c.md", ["docs/a.md", "docs/api", "docs/api/b.md"]],
        ["all but a folder brought back", "docs\n!docs/keep", ["docs/a.md", "docs/api", "docs/api/b.md"]],
        [
            "all but what an exception with wildcards brings back",
            "docs\n!**/keep/*.md",
            ["docs/a.md", "docs/api", "docs/api/b.md"],
        ],
        ["what a later line excludes again", "*.md\n!README.md\nREADME.*", ["README.md", "a.md"]],
        // Surprising, but what BuildKit does: `!docs` changes nothing for docs itself, so it does not count below either.
        ["a folder in spite of an exception for the one above", "docs/keep\n!docs", ["docs/keep", "docs/keep/c.md"]],
        ["nothing for an exception alone", "!docs", []],
        ["all but an exception behind a slash", "*\n/!src", everything.filter((name) => !name.startsWith("src"))],
        ["all but an exception behind a dot", "*\n./!src", everything.filter((name) => !name.startsWith("src"))],
        [
            "all but an exception behind a way back",
            "*\nx/../!src",
            everything.filter((name) => !name.startsWith("src")),
        ],
        // `src/l|docs/*` would match docs/a.md, but as a path it leads to src, and BuildKit does not look elsewhere.
        ["all below folders that an exception does not lead to", "*\n!src/l|docs/*", everything],
        ["nothing for a name that begins with !, written !!", "*\n!!src", everything],
        ["a folder behind a slash and a space", "/ docs", docs],
        ["lines with white space that only Go knows", "\u0085docs\u0085", docs],
        ["an exception that comes too early", "!docs/a.md\ndocs", docs],
        [
            "lines with spaces around",
            "  docs  \n!  docs/a.md ",
            ["docs/api", "docs/api/b.md", "docs/keep", "docs/keep/c.md"],
        ],
        ["the first line after a byte order mark", "\uFEFFdocs", docs],
        [
            "lines that end in CRLF",
            "docs\r\n!docs/a.md\r\n",
            ["docs/api", "docs/api/b.md", "docs/keep", "docs/keep/c.md"],
        ],
        ["the ignore file itself", ".dockerignore", [".dockerignore"]],
    ];
    for (const [what, ignoreFile, left] of table) {
        it(`leaves out ${what}: ${JSON.stringify(ignoreFile)}`, () => {
            assert.deepEqual(
                listed(path.join(folder.path, "context"), { ...files, ".dockerignore": ignoreFile }),
                everything.filter((name) => !left.includes(name)),
            );
        });
    }

    it("takes characters as they are that have a meaning in regular expressions", () => {
        const odd = { "a+b": "", aab: "", "f(x)": "", fx: "", "a.b": "", axb: "", "#x": "", $: "" };
        assert.deepEqual(
            listed(path.join(folder.path, "context"), { ...odd, ".dockerignore": "a+b*\nf(x)*\na.b*\n $*\n #x" }),
            [".dockerignore", "aab", "axb", "fx"],
        );
    });

    it("takes any character for a wildcard that Go takes", () => {
        const odd = { "😀": "", "a\u2028b/c": "", "a\rb/c": "", "a\nb/c": "", c: "" };
        assert.deepEqual(listed(path.join(folder.path, "context"), { ...odd, ".dockerignore": "*\n!?\n!**/c*" }), [
            "a\rb",
            "a\rb/c",
            "a\u2028b",
            "a\u2028b/c",
            "c",
            "😀",
        ]);
    });

    const refused: [pattern: string, reason: string][] = [
        ["!", "names no path"],
        ["!/", "names no path"],
        ["a[", "is not valid"],
        ["[]a]", "is not valid"],
        ["a*\\", "is not valid"],
        ["[z-a]", "is not valid"],
        [
            "\\Adocs",
            "has a backslash before A, which Docker takes for a regular expression; leave it out, or write / between names",
        ],
        [
            "docs\\build",
            "has a backslash before b, which Docker takes for a regular expression; leave it out, or write / between names",
        ],
        ["a{2}*", "has a number in braces, which Docker takes for a repetition; write ? in their place"],
        ["[a*]", "has * between brackets, which Docker reads as if it stood outside; write \\*"],
        ["[[:alpha:]]", "has [ between brackets, which Docker reads as if it stood outside; write \\["],
        ["docs\uFEFF", "has a byte order mark (U+FEFF) in it; remove it"],
    ];
    for (const [pattern, reason] of refused) {
        it(`refuses ${JSON.stringify(pattern)}`, () => {
            const message = `The ignore pattern ${JSON.stringify(pattern)} ${reason}.`;
            assert.throws(
                () => listed(path.join(folder.path, "context"), { ".dockerignore": pattern }),
                new Error(message),
            );
        });
    }

    it(`lists what BuildKit's own code lists, for ${recorded.cases.length} recorded ignore files`, () => {
        const context = writeTree(
            path.join(folder.path, "context"),
            Object.fromEntries(recorded.files.map((name) => [name, ""])),
        );
        const dockerfile = path.join(folder.path, "Dockerfile");
        for (const [text, sent] of recorded.cases as [string, string][]) {
            fs.writeFileSync(`${dockerfile}.dockerignore`, text);
            assert.deepEqual(
                contextEntries(context, dockerfile).map((entry) => entry.path),
                [...recorded.entries].filter((_, index) => sent[index] === "1").sort(byBytes),
                JSON.stringify(text),
            );
        }
    });
});

function byBytes(a: string, b: string): number {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
