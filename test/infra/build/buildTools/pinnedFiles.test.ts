import assert from "node:assert/strict";
import type { ImagePlan } from "../../../../infra/build/buildTools/plan";
import { build, image, plannedFolders } from "./plannedFolder";

describe("the pinned stages of a work folder", () => {
    const planned = plannedFolders();

    const stage = {
        name: "deps",
        tag: "deps-1",
        dockerfile: "FROM scratch AS deps\n",
        ignore: "*\n",
        buildArgs: {},
        recipe: "1",
        carried: [],
    };
    const pinned = {
        stage,
        pushed: "registry/shop:deps-1",
        caches: ["registry/shop:cache-1"],
        arguments: ["context"],
        pushing: ["--push"],
        caching: ["--cache", "--only"],
    };
    const plan: ImagePlan = { ...image, builds: [{ ...build("amd64"), pinned: [pinned] }] };
    const proposed: ImagePlan = {
        ...plan,
        builds: [{ ...build("amd64"), pinned: [{ ...pinned, pushed: undefined }] }],
    };
    const stageFolder = "images/app/amd64/pinned/deps";
    const inPlace = (digest: string) => `--build-context=deps=docker-image://registry/shop@sha256:${digest}\0context\0`;

    it("lays out what each is built from", () => {
        const { work, read } = planned(plan, []);
        assert.equal(read(`${stageFolder}/Dockerfile`), stage.dockerfile);
        assert.equal(read(`${stageFolder}/Dockerfile.dockerignore`), stage.ignore);
        assert.match(read(`${stageFolder}/arguments`), /^--file=\/.+\/pinned\/deps\/Dockerfile\0context\0$/);
        assert.deepEqual(
            ["pushing", "caching"].map((file) => read(`${stageFolder}/${file}`)),
            ["--push\0", "--cache\0--only\0"],
        );
        assert.deepEqual(work.plan(), [plan]);
    });

    it("builds one that is missing, and then puts it in place of the stage, in tests too", () => {
        const { work, read, write } = planned(plan, []);
        work.writeBuilds([plan]);
        assert.equal(read("pinned"), `app\tamd64\tdeps\t${stageFolder}\n`);
        assert.deepEqual(work.caches([plan]), [
            { reference: "registry/shop:cache-main-amd64", isThere: false },
            { reference: "registry/shop:cache-1", isThere: false },
        ]);
        // WHEN
        write(`${stageFolder}/progress.json`, '{"stepsRun":1}');
        write(`${stageFolder}/metadata.json`, '{"containerimage.digest":"sha256:built"}');
        work.writeContexts();
        // THEN
        assert.equal(read("images/app/amd64/arguments"), inPlace("built"));
        assert.equal(read("images/app/tests/arguments"), inPlace("built"));
    });

    it("builds one that is there and that this project did not build", () => {
        const { work, read } = planned(plan, ["deps-1"], []);
        work.writeBuilds([plan]);
        assert.equal(read("pinned"), `app\tamd64\tdeps\t${stageFolder}\n`);
        assert.equal(
            read("images/app/amd64/arguments"),
            "--cache-from=type=registry,ref=registry/shop:cache-1\0context\0",
        );
    });

    it("takes one that is there, and reads no cache of it", () => {
        const { work, read } = planned(plan, ["deps-1", "cache-main-amd64"]);
        work.writeBuilds([plan]);
        assert.equal(read("pinned"), "");
        assert.deepEqual(work.caches([plan]), [{ reference: "registry/shop:cache-main-amd64", isThere: true }]);
        assert.equal(read("images/app/amd64/arguments"), inPlace("deps-1"));
    });

    describe("that carry folders", () => {
        const last = "deps-last-main-1";
        const filling = {
            from: [`registry/shop:${last}`],
            dockerfile: "FROM last-image\n",
            arguments: ["--no-cache"],
        };
        const carrying = (changes: object = {}): ImagePlan => ({
            ...plan,
            builds: [{ ...build("amd64"), pinned: [{ ...pinned, filling, ...changes }] }],
        });
        const fillingFile = (file: string) => `${stageFolder}/filling/${file}`;

        it("has their mounts filled where there is an image to fill them from", () => {
            const one = carrying();
            const { work, read } = planned(one, [last]);
            work.writeBuilds([one]);
            assert.equal(read(fillingFile("Dockerfile")), filling.dockerfile);
            assert.match(
                read(fillingFile("arguments")),
                /^--build-context=last-image=docker-image:\/\/registry\/shop@sha256:deps-last-main-1\0--no-cache\0\/.+\/pinned\/deps\/filling\0$/,
            );
        });

        const notFilled: [string, ImagePlan, string[], string[]?][] = [
            ["there is no such image", carrying(), []],
            ["this project did not build that image", carrying(), [last], []],
            ["the stage is there", carrying(), [last, "deps-1"]],
            ["the image's own build makes the stage", carrying({ pushed: undefined }), [last]],
        ];
        for (const [why, one, there, proven] of notFilled) {
            it(`has none filled where ${why}`, () => {
                const { work, read } = planned(one, there, proven);
                work.writeBuilds([one]);
                assert.throws(() => read(fillingFile("arguments")), { code: "ENOENT" });
            });
        }

        const tag = {
            repositoryName: "shop",
            tag: last,
            digest: "sha256:deps-1",
            manifest: "{}",
            mediaType: "type",
        };
        const given: [string, string[], object, object[]][] = [
            ["an image that was found and does not have it", ["deps-1"], { to: `registry/shop:${last}` }, [tag]],
            ["an image that was found, from another", ["deps-1", last], { to: `registry/shop:${last}` }, [tag]],
            ["no image that was built, which has it", [last], { to: `registry/shop:${last}` }, []],
            ["no image where others must not take it over", ["deps-1"], {}, []],
        ];
        for (const [what, there, to, expected] of given) {
            it(`gives the name for the next one to ${what}`, () => {
                const { work } = planned(carrying({ filling: { ...filling, ...to } }), there);
                assert.deepEqual(work.lastStageTags(), expected);
            });
        }

        it("tells of one that was built by both its names", () => {
            const one = carrying({ filling: { ...filling, to: `registry/shop:${last}` } });
            const { work, write } = planned(one, []);
            write(`${stageFolder}/progress.json`, "{}");
            write(`${stageFolder}/metadata.json`, '{"containerimage.digest":"sha256:built"}');
            assert.deepEqual(work.builtStages(one), { "deps-1": "sha256:built", [last]: "sha256:built" });
        });

        it("gives the name for the next one to no image that this project did not build", () => {
            const one = carrying({ filling: { ...filling, to: `registry/shop:${last}` } });
            assert.deepEqual(planned(one, ["deps-1"], []).work.lastStageTags(), []);
        });
    });

    it("tells caches that are one image apart: ECR may name it by either tag", () => {
        const { work } = planned(plan, []);
        const images = [{ imageId: { imageTag: "cache-1" }, imageManifest: "{}" }];
        const missing = ["src-1", "src-1-amd64", "deps-1"];
        const failures = missing.map((imageTag) => ({ imageId: { imageTag }, failureCode: "ImageNotFound" }));
        work.found.write(plan, { images, failures }, {});
        assert.deepEqual(
            work.caches([plan]).map((cache) => cache.isThere),
            [true, true],
        );
    });

    it("takes one that is there for a pull request, and lets the image's build make one that is missing", () => {
        const { work, read } = planned(proposed, []);
        work.writeBuilds([proposed]);
        assert.equal(read("pinned"), "");
        assert.equal(
            read("images/app/amd64/arguments"),
            "--cache-from=type=registry,ref=registry/shop:cache-1\0context\0",
        );
        const there = planned(proposed, ["deps-1"]);
        there.work.writeBuilds([proposed]);
        assert.equal(there.read("images/app/amd64/arguments"), inPlace("deps-1"));
    });
});
