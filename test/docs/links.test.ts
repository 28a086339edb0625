import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { anchorsOf, linksOf } from "../support/markdown";

const root = path.resolve(__dirname, "../..");

/** Pattern of folders with installed, generated or foreign files. */
const foreign = /^(node_modules|\.git|\.tools|\.bench|\.smoke|\.local.*)$/;

/** Lists the pages of the repository, from its root. */
function pages(folder = ""): string[] {
    return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
        const name = path.posix.join(folder, entry.name);
        if (entry.isDirectory()) return foreign.test(entry.name) ? [] : pages(name);
        return entry.name.endsWith(".md") ? [name] : [];
    });
}

const read = (page: string) => fs.readFileSync(path.join(root, page), "utf8");

/** Explains why a link leads nowhere. @returns nothing for a working link, and for other servers */
function fault(page: string, target: string): string[] {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
    const [file = "", anchor] = target.split("#");
    const place = file === "" ? page : path.posix.join(path.posix.dirname(page), decodeURI(file));
    if (!fs.existsSync(path.join(root, place))) return [`there is no ${place}`];
    if (anchor === undefined || !place.endsWith(".md") || anchorsOf(read(place)).has(anchor)) return [];
    return [`${place} has no heading #${anchor}`];
}

/** Lists the test files, from the repository's root. */
function testFiles(): string[] {
    return (fs.readdirSync(path.join(root, "test"), { recursive: true }) as string[])
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => `/test/${name.split(path.sep).join("/")}`);
}

describe("the pages", () => {
    const all = pages();
    const tests = testFiles();
    const isTest = (name: string) => tests.some((file) => file.endsWith(`/${name}`));

    it("are found: README, the guides and the decisions among them", () => {
        for (const page of ["README.md", "docs/guides/start.md", "docs/decisions/README.md"]) {
            assert.ok(all.includes(page), page);
        }
    });

    for (const page of all) {
        it(`${page} links to files and headings that exist`, () => {
            const faults = linksOf(read(page)).flatMap(({ target, line }) =>
                fault(page, target).map((reason) => `${page}:${line} ${target}: ${reason}`),
            );
            assert.deepEqual(faults, []);
        });
    }

    it("name tests that exist, by the end of their paths", () => {
        const named = all.flatMap((page) =>
            [...read(page).matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, name]) => `${page}: ${name}`),
        );
        assert.ok(named.length > 30, `${named.length} tests are named`);
        assert.deepEqual(
            named.filter((one) => !isTest(one.split(": ")[1]!)),
            [],
        );
    });

    it("docs/releases.md names a test for each situation", () => {
        const rows = read("docs/releases.md")
            .split("\n")
            .filter((line) => line.startsWith("| "))
            .slice(2);
        assert.ok(rows.length > 20, `${rows.length} situations`);
        for (const row of rows) {
            const cells = row.split(" | ");
            const names = [...cells.at(-1)!.matchAll(/`([\w/]+)`/g)].map(([, name]) => `${name}.test.ts`);
            assert.ok(names.length > 0, row);
            assert.deepEqual(
                names.filter((name) => !isTest(name)),
                [],
            );
        }
    });
});
