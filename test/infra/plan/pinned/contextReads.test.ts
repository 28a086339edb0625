import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { contextEntries } from "../../../../infra/plan/buildContext";
import { ignoreAllBut } from "../../../../infra/plan/pinned/contextReads";
import { temporaryFolder, writeTree } from "../../temporaryFolder";

describe("the ignore file of a pinned stage", () => {
    const folder = temporaryFolder();

    for (const name of ["a", "a b", "a.b", "a+b", "a(b)$", "é", "😀", "-", "lib/!a", "lib/#a"]) {
        it(`lets through a file and an empty folder named ${name}, and nothing else`, () => {
            // GIVEN a file of this name, and a folder whose content was ignored
            const context = writeTree(folder.path, { [`files/${name}`]: "", [`${name}/ignored`]: "", other: "" });
            const all = contextEntries(context, path.join(context, "Dockerfile"));
            const wanted = all.filter((entry) => entry.path.endsWith(name));
            // WHEN
            const text = ignoreAllBut(wanted);
            // THEN the folder is sent without it
            fs.writeFileSync(path.join(folder.path, "Dockerfile.dockerignore"), text!);
            const sent = contextEntries(context, path.join(folder.path, "Dockerfile")).map((entry) => entry.path);
            const parents = wanted.flatMap((entry) => parentsOf(entry.path));
            assert.deepEqual(sent, [...new Set([...parents, ...wanted.map((entry) => entry.path)])].sort());
        });
    }

    for (const name of [
        "a*",
        "a?",
        "[a]",
        "a\\b",
        "^a",
        "a|b",
        "a{2}",
        "!a",
        "#a",
        " a",
        "a\u0085",
        "a\uFEFF",
        "a\nb",
    ]) {
        it(`is not written for a folder named ${JSON.stringify(name)}, which a line would not name as it is`, () => {
            const context = writeTree(folder.path, { [`${name}/ignored`]: "" });
            const [entry] = contextEntries(context, path.join(context, "Dockerfile"));
            assert.equal(entry!.path, name);
            assert.equal(ignoreAllBut([entry!]), undefined);
        });
    }
});

function parentsOf(name: string): string[] {
    const parent = path.posix.dirname(name);
    return parent === "." ? [] : [...parentsOf(parent), parent];
}
