import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AppImage } from "../../../infra/image/appImage";
import type { ImageBuild } from "../../../infra/image/imageBuild";
import { sourceOf } from "../../../infra/plan/buildInput";
import { branchSlug } from "../../../infra/plan/cachePolicy";
import type { ImageSpec } from "../../../infra/plan/imageSpec";
import { digestOf } from "../../../local/mocks/mockOutputs";
import { mockPulumi, valueOf } from "../../../local/mocks/mockPulumi";
import { temporaryFolder, writeTree } from "../temporaryFolder";
import { build as buildIn, cacheTo, credentials, declare, inputs, tagOf, url } from "./appImageFixture";

describe("AppImage", () => {
    const folder = temporaryFolder();

    describe("with pinned stages", () => {
        /** Makes a build whose stage reads one file. */
        function pinned(spec: Partial<ImageSpec> = {}, secrets?: ImageBuild["secrets"]): ImageBuild {
            const source = buildIn(
                folder.path,
                { pinnedStages: [{ name: "deps" }], ...spec },
                { cacheMode: "max" },
                secrets,
            );
            const text = "FROM scratch AS deps\nCOPY lock /\nFROM deps\nCOPY main.go /\n";
            writeTree(folder.path, { Dockerfile: text, "context/lock": "1" });
            return source;
        }

        it("declares one Image for each, and starts the image from it by digest", async () => {
            const source = pinned({ buildArgs: { A: "1" } }, { token: pulumi.secret("s3cr3t") });
            const { world, one } = await declare({ build: source, credentials: credentials() });
            assert.deepEqual(world.tree(), [
                "AppImage app",
                "  Image app-image-amd64",
                "  Image app-pinned-deps-amd64",
            ]);
            const stage = world.resource("app-pinned-deps-amd64");
            const [tag] = stage.inputs["tags"] as [string];
            assert.match(tag, new RegExp(`^${url}:deps-[0-9a-f]{40}$`));
            const key = tag.slice(url.length + 1);
            const stageCache = `cache-${branchSlug("main:deps")}-amd64`;
            const dockerfile = (stage.inputs["dockerfile"] as { location: string }).location;
            const secret = {
                secrets: { secret: { token: "s3cr3t" } },
                ignoreSecretsInDiffCalculation: ["token"],
            };
            assert.deepEqual(stage.inputs, {
                ...inputs(source, key),
                ...secret,
                dockerfile: { location: dockerfile },
                target: "deps",
                buildArgs: {},
                cacheFrom: [`cache-${key}`, stageCache, "cache-main-amd64"].map((ref) => ({
                    registry: { ref: `${url}:${ref}` },
                })),
                cacheTo: [`cache-${key}`, stageCache].map((ref) => cacheTo(`${url}:${ref}`)),
            });
            assert.deepEqual(stage.options, { retainOnDelete: true });
            assert.equal(fs.readFileSync(dockerfile, "utf8"), "FROM scratch AS deps\nCOPY lock /\n");
            assert.equal(fs.readFileSync(`${dockerfile}.dockerignore`, "utf8"), "*\n!lock\n");
            assert.deepEqual(world.resource("app-image-amd64").inputs, {
                ...inputs(source, tagOf(source)),
                ...secret,
                context: {
                    location: path.relative(process.cwd(), sourceOf(source).context),
                    named: { deps: { location: `docker-image://${url}@${digestOf("app-pinned-deps-amd64")}` } },
                },
                cacheFrom: [{ registry: { ref: `${url}:cache-main-amd64` } }],
                cacheTo: [cacheTo(`${url}:cache-main-amd64`)],
            });
            assert.equal(await valueOf(one.imageTag), tagOf(source));
        });

        it("builds the layers of packages, whose cache keeps the result only", async () => {
            const pinnedStages = [{ name: "deps", layers: ["/srv/packages"] }];
            const { world } = await declare({ build: pinned({ pinnedStages }), credentials: credentials() });
            const { target, cacheTo: written } = world.resource("app-pinned-deps-amd64").inputs;
            assert.equal(target, "deps.layers");
            const modes = (written as { raw: string }[]).map(({ raw }) => /mode=\w+/.exec(raw)![0]);
            assert.deepEqual(modes, ["mode=min"]);
        });

        it("declares one for each platform, with a tag of its own", async () => {
            const source = pinned({ platforms: ["linux/amd64", "linux/arm64"] });
            const { world } = await declare({ build: source, credentials: credentials() });
            for (const architecture of ["amd64", "arm64"]) {
                const { tags, platforms } = world.resource(`app-pinned-deps-${architecture}`).inputs;
                assert.match((tags as [string])[0], new RegExp(`:deps-[0-9a-f]{40}-${architecture}$`));
                assert.deepEqual(platforms, [`linux/${architecture}`]);
            }
        });

        it("proves the image of each in the bucket it is given", async () => {
            const source = pinned();
            const { world } = await declare({ build: source, credentials: credentials(), bucketName: "cache" });
            const [tag] = world.resource("app-pinned-deps-amd64").inputs["tags"] as [string];
            const { inputs, options } = world.resource("app-pinned-deps-amd64-proof");
            assert.deepEqual(inputs, {
                bucket: "cache",
                key: `built/shop/${tag.slice(url.length + 1)}`,
                content: digestOf("app-pinned-deps-amd64"),
            });
            assert.deepEqual(options, { retainOnDelete: true });
        });

        it("refuses one that cannot be pinned, with the Dockerfile's name", async () => {
            const source = pinned({ pinnedStages: [{ name: "base" }] });
            const world = await mockPulumi();
            assert.throws(
                () => new AppImage("app", { repositoryUrl: url, build: source, credentials: credentials() }),
                (error: unknown) =>
                    pulumi.RunError.isInstance(error) &&
                    /Dockerfile: it has no stage "base"; there are deps, 1\.$/.test(error.message),
            );
            await world.settle();
        });
    });
});
