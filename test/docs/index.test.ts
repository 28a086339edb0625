import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { linksOf } from "../support/markdown";

const root = path.resolve(__dirname, "../..");
const read = (page: string) => fs.readFileSync(path.join(root, page), "utf8");
const pagesIn = (folder: string) =>
    fs
        .readdirSync(path.join(root, folder))
        .filter((name) => name.endsWith(".md") && name !== "README.md")
        .sort();

describe("the indexes of pages", () => {
    it("docs/decisions/README.md has one line for each decision, in the order of their numbers", () => {
        const lines = read("docs/decisions/README.md")
            .split("\n")
            .filter((line) => line.startsWith("| ["));
        assert.deepEqual(
            lines.map((line) => linksOf(line)[0]?.target),
            pagesIn("docs/decisions"),
        );
        for (const line of lines) {
            const [, number, file, text] = /^\| \[(\d{3})\]\((\d{3})-[^)]*\) +\| (.{20,}?) +\|$/.exec(line) ?? [];
            assert.ok(number !== undefined && text !== undefined, line);
            assert.equal(number, file);
        }
    });

    it("each decision has its number in its title", () => {
        for (const name of pagesIn("docs/decisions")) {
            assert.match(read(`docs/decisions/${name}`), new RegExp(`^# ${name.slice(0, 3)}: \\S`), name);
        }
    });

    it("docs/README.md links to each page and each guide", () => {
        const targets = linksOf(read("docs/README.md")).map(({ target }) => target);
        const wanted = [...pagesIn("docs"), ...pagesIn("docs/guides").map((name) => `guides/${name}`)];
        assert.deepEqual(
            wanted.filter((page) => !targets.includes(page)),
            [],
        );
    });

    it("README.md has at most 120 lines", () => {
        const lines = read("README.md").trimEnd().split("\n").length;
        assert.ok(lines <= 120, `${lines} lines`);
    });
});
