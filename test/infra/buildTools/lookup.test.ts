import assert from "node:assert/strict";
import { lookupOf, repositoryNameOf, tagOf } from "../../../infra/buildTools/lookup";

describe("the lookup of an image", () => {
    const build = {
        architecture: "amd64",
        tag: "src-1",
        pushed: "localhost:5000/shop/app:src-1",
        caches: ["localhost:5000/shop/app:cache-main-amd64"],
        arguments: [],
        pinned: [],
    };
    const image = {
        name: "app",
        repositoryUrl: "localhost:5000/shop/app",
        tag: "src-1",
        builds: [build],
        isJoinedElsewhere: false,
    };

    it("asks for image and cache, each tag once", () => {
        assert.deepEqual(lookupOf(image), { repositoryName: "shop/app", tags: ["src-1", "cache-main-amd64"] });
    });

    it("asks for each platform, its pinned stages with their caches, and the commit", () => {
        const stage = {
            name: "deps",
            target: "deps",
            tag: "deps-1",
            dockerfile: "",
            ignore: "",
            buildArgs: {},
            recipe: "1",
            carried: [],
        };
        const pinned = [
            {
                stage,
                caches: ["localhost:5000/shop/app:cache-deps-1"],
                arguments: [],
                pushing: [],
                caching: [],
                filling: { from: ["localhost:5000/shop/app:deps-last-main-1"], dockerfile: "", arguments: [] },
            },
        ];
        const builds = [
            { ...build, tag: "src-1-amd64", pinned },
            { ...build, tag: "src-1-arm64", caches: [] },
        ];
        assert.deepEqual(lookupOf({ ...image, commitTag: "git-1", builds }).tags, [
            "src-1",
            "src-1-amd64",
            "cache-main-amd64",
            "deps-1",
            "cache-deps-1",
            "deps-last-main-1",
            "src-1-arm64",
            "git-1",
        ]);
    });

    it("tells repository and tag apart behind a host with a port", () => {
        assert.equal(repositoryNameOf("localhost:5000/shop/app"), "shop/app");
        assert.equal(tagOf("localhost:5000/shop/app:cache-1"), "cache-1");
    });
});
