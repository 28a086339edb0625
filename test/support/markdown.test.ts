import assert from "node:assert/strict";
import { anchorsOf, codeBlocksOf, linksOf } from "./markdown";

describe("Markdown", () => {
    it("has the links and images of its prose, with their lines", () => {
        const text = [
            "# Title",
            "A [link](a.md) and ![an image](b.svg), also [`code`](c.md#d).",
            "`[no link](e.md)`",
            "```sh",
            "[no link](f.md)",
            "```",
            '[last](https://example.org/g "title")',
        ].join("\n");
        assert.deepEqual(linksOf(text), [
            { target: "a.md", line: 2 },
            { target: "b.svg", line: 2 },
            { target: "c.md#d", line: 2 },
            { target: "https://example.org/g", line: 7 },
        ]);
    });

    const headings: [heading: string, anchor: string][] = [
        ["# Use it on AWS", "use-it-on-aws"],
        ["## `pulumi up`, and what it needs", "pulumi-up-and-what-it-needs"],
        ["### 1. Copy the program", "1-copy-the-program"],
        ["## CI/CD [here](a.md)", "cicd-here"],
        ["## snake_case – dash", "snake_case--dash"],
    ];
    for (const [heading, anchor] of headings) {
        it(`names the anchor of "${heading}" ${anchor}`, () => assert.deepEqual([...anchorsOf(heading)], [anchor]));
    }

    it("numbers anchors of equal headings, and knows no headings in code", () => {
        assert.deepEqual([...anchorsOf("## Same\n```\n## No heading\n```\n## Same")], ["same", "same-1"]);
    });

    it("has fenced code with its language, its line and the heading above, in lists as well", () => {
        const text = [
            "# Title",
            "```sh",
            "# no heading",
            "ls",
            "```",
            "## Next",
            "- item",
            "  ```",
            "  a",
            "    b",
            "  ```",
        ];
        assert.deepEqual(codeBlocksOf(text.join("\n")), [
            { language: "sh", text: "# no heading\nls", line: 2, heading: "Title" },
            { language: "", text: "a\n  b", line: 8, heading: "Next" },
        ]);
        assert.throws(() => codeBlocksOf("```ts\nopen"), { message: "The fence of line 1 is never closed." });
    });
});
