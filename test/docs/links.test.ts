import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { anchorsOf, linksOf } from "../support/markdown";

const root = path.resolve(__dirname, "../..");

/** Folders of what is installed, made or somebody else's. */
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

/** Says why a link leads nowhere. @returns nothing for one that leads somewhere, and for other servers */
function fault(page: string, target: string): string[] {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
    const [file = "", anchor] = target.split("#");
    const place = file === "" ? page : path.posix.join(path.posix.dirname(page), decodeURI(file));
    if (!fs.existsSync(path.join(root, place))) return [`there is no ${place}`];
    if (anchor === undefined || !place.endsWith(".md") || anchorsOf(read(place)).has(anchor)) return [];
    return [`${place} has no heading #${anchor}`];
}

describe("the pages", () => {
    const all = pages();

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
});
