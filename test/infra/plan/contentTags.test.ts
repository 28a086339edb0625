import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { contentTag, ContentTags, type ImageSource } from "../../../infra/plan/contentTag";
import { temporaryFolder, writeTree } from "../temporaryFolder";

describe("ContentTags", () => {
    const folder = temporaryFolder();

    /** Makes sources with Dockerfiles of their own in one context, as in a monorepo. */
    function monorepo(ignoreFiles: Record<string, string> = {}): ImageSource[] {
        const context = writeTree(folder.path, {
            "one.Dockerfile": "FROM scratch\nCOPY one /\n",
            "two.Dockerfile": "FROM scratch\nCOPY two /\n",
            one: "1",
            two: "2",
            ...ignoreFiles,
        });
        return ["one", "two"].map((name) => ({
            context,
            dockerfile: path.join(context, `${name}.Dockerfile`),
            buildArgs: {},
            platforms: ["linux/amd64"],
            rebuildKey: "",
            compression: "zstd",
        }));
    }

    it("gives each image of a context the tag that it has alone", () => {
        const sources = monorepo({ "two.Dockerfile.dockerignore": "one" });
        const tags = new ContentTags();
        const together = sources.map((source) => tags.of(source));
        assert.deepEqual(together, sources.map(contentTag));
        assert.equal(new Set(together).size, 2);
    });

    for (const [what, ignoreFiles] of [
        ["one ignore file", {}],
        ["ignore files of their own", { "two.Dockerfile.dockerignore": "one" }],
    ] as const) {
        it(`reads files once for all images with ${what}`, () => {
            const [one, two] = monorepo(ignoreFiles) as [ImageSource, ImageSource];
            const [alone, tags] = [contentTag(two), new ContentTags()];
            tags.of(one);
            // WHEN a file would be read differently now
            fs.writeFileSync(path.join(one.context, "two"), "3");
            // THEN the first reading counts
            assert.equal(tags.of(two), alone);
            assert.notEqual(contentTag(two), alone);
        });
    }
});
