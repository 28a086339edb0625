import assert from "node:assert/strict";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AppImage, type AppImageArgs } from "../../../infra/image/appImage";
import type { ImageBuild } from "../../../infra/image/imageBuild";
import { sourceOf } from "../../../infra/plan/buildInput";
import type { BuildPolicy, ImageSpec } from "../../../infra/plan/imageSpec";
import { ImageRepository } from "../../../infra/image/imageRepository";
import { digestOf } from "../../../local/mocks/mockOutputs";
import { isKnown, mockPulumi, type MockWorld, unknown, valueOf } from "../../../local/mocks/mockPulumi";
import { temporaryFolder, writeTree } from "../temporaryFolder";
import { build as buildIn, cacheTo, credentials, declare, inputs, login, tagOf, url } from "./appImageFixture";

const image = "docker-build:index:Image";
const digest = `sha256:${"a".repeat(64)}`;

describe("AppImage", () => {
    const folder = temporaryFolder();

    const build = (spec?: Partial<ImageSpec>, policy?: Partial<BuildPolicy>, secrets?: ImageBuild["secrets"]) =>
        buildIn(folder.path, spec, policy, secrets);

    it("declares one Image for one platform and names it by digest", async () => {
        const source = build();
        const { world, one } = await declare({ build: source, credentials: credentials() });
        assert.deepEqual(world.tree(), ["AppImage app", "  Image app-image-amd64"]);
        assert.deepEqual(world.resource("app-image-amd64").inputs, inputs(source, tagOf(source)));
        assert.deepEqual(world.resource("app-image-amd64").options, { retainOnDelete: true });
        const expected = {
            imageUri: `${url}@${digestOf("app-image-amd64")}`,
            imageDigest: digestOf("app-image-amd64"),
            imageTag: tagOf(source),
        };
        assert.deepEqual(world.resource("AppImage app").outputs, expected);
        assert.equal(await valueOf(one.imageUri), expected.imageUri);
        assert.equal(await valueOf(one.imageDigest), expected.imageDigest);
        assert.equal(await valueOf(one.imageTag), expected.imageTag);
        assert.equal(await valueOf(one.cacheReference), undefined);
    });

    it("passes stage, arguments, secrets and caches on", async () => {
        const source = build(
            { target: "server", buildArgs: { A: "1" } },
            { branch: "feature", cacheMode: "max", rebuildKey: "2026-11" },
            { token: pulumi.secret("s3cr3t"), ca: "certificates" },
        );
        const { world, one } = await declare({ build: source, credentials: credentials() });
        assert.deepEqual(world.resource("app-image-amd64").inputs, {
            ...inputs(source, tagOf(source)),
            target: "server",
            buildArgs: { A: "1", BASE_REGISTRY: "public.ecr.aws" },
            secrets: { secret: { token: "s3cr3t", ca: "certificates" } },
            ignoreSecretsInDiffCalculation: ["ca", "token"],
            cacheFrom: [
                { registry: { ref: `${url}:cache-feature-amd64` } },
                { registry: { ref: `${url}:cache-main-amd64` } },
            ],
            cacheTo: [cacheTo(`${url}:cache-feature-amd64`)],
        });
        assert.equal(await valueOf(one.cacheReference), `${url}:cache-feature-amd64`);
    });

    it("writes the caches of the result's stages only with mode min", async () => {
        const source = build({}, { cacheMode: "min" });
        const { world } = await declare({ build: source, credentials: credentials() });
        assert.deepEqual(world.resource("app-image-amd64").inputs["cacheTo"], [
            cacheTo(`${url}:cache-main-amd64`, "min"),
        ]);
    });

    it("has all layers converted to gzip where nothing else is taken, and another tag", async () => {
        const source = build({ compression: "gzip" }, { cacheMode: "max" });
        const { world } = await declare({ build: source, credentials: credentials() });
        const { exports, cacheTo: written } = world.resource("app-image-amd64").inputs;
        assert.deepEqual(exports, [
            { raw: "type=image,push=true,compression=gzip,force-compression=true,oci-mediatypes=true" },
        ]);
        const { raw } = cacheTo(`${url}:cache-main-amd64`);
        assert.deepEqual(written, [
            { raw: raw.replace("compression=zstd", "compression=gzip,force-compression=true") },
        ]);
        assert.notEqual(tagOf(source), tagOf(build({ compression: "zstd" })));
    });

    it("keeps the value of a build secret out of the tag", () => {
        const one = build({}, {}, { token: pulumi.secret("one") });
        assert.equal(tagOf(one), tagOf({ ...one, secrets: { token: pulumi.secret("two") } }));
    });

    it("joins one Image for each platform by an Index", async () => {
        const source = build({ platforms: ["linux/amd64", "linux/arm64"] }, { cacheMode: "max" });
        const tag = tagOf(source);
        const { world, one } = await declare({ build: source, credentials: credentials() });
        assert.deepEqual(world.tree(), [
            "AppImage app",
            "  Image app-image-amd64",
            "  Image app-image-arm64",
            "  Index app-index",
        ]);
        for (const architecture of ["amd64", "arm64"]) {
            const cache = `${url}:cache-main-${architecture}`;
            assert.deepEqual(world.resource(`app-image-${architecture}`).inputs, {
                ...inputs(source, `${tag}-${architecture}`),
                platforms: [`linux/${architecture}`],
                cacheFrom: [{ registry: { ref: cache } }],
                cacheTo: [cacheTo(cache)],
            });
        }
        assert.deepEqual(world.resource("app-index").inputs, {
            sources: [
                `${url}:${tag}-amd64@${digestOf("app-image-amd64")}`,
                `${url}:${tag}-arm64@${digestOf("app-image-arm64")}`,
            ],
            tag: `${url}:${tag}`,
            push: true,
            registry: login,
        });
        assert.deepEqual(world.resource("app-index").options, { retainOnDelete: true });
        assert.equal(await valueOf(one.imageDigest), digestOf("app-index"));
        assert.equal(await valueOf(one.imageUri), `${url}@${digestOf("app-index")}`);
        assert.equal(await valueOf(one.imageTag), tag);
        assert.equal(await valueOf(one.cacheReference), `${url}:cache-main-amd64`);
    });

    it("takes the digest of an index from behind the last @", async () => {
        // The address of a registry may hold a port, and a name with a digest may stand in front.
        const source = build({ platforms: ["linux/amd64", "linux/arm64"] });
        const { one } = await declare({
            repositoryUrl: "127.0.0.1:5000/shop",
            build: source,
            credentials: credentials(),
        });
        assert.equal(await valueOf(one.imageUri), `127.0.0.1:5000/shop@${digestOf("app-index")}`);
    });

    it("proves each image and the index that joins them in the bucket it is given, without headers that a build would not set", async () => {
        const source = build({ platforms: ["linux/amd64", "linux/arm64"] });
        const tag = tagOf(source);
        const { world } = await declare({ build: source, credentials: credentials(), bucketName: "cache" });
        const proofs = world.resourcesOfType("aws:s3/bucketObjectv2:BucketObjectv2");
        const expected = {
            "app-image-amd64-proof": [`${tag}-amd64`, digestOf("app-image-amd64")],
            "app-image-arm64-proof": [`${tag}-arm64`, digestOf("app-image-arm64")],
            "app-index-proof": [tag, digestOf("app-index")],
        };
        assert.deepEqual(
            Object.fromEntries(proofs.map(({ name, inputs }) => [name, inputs])),
            Object.fromEntries(
                Object.entries(expected).map(([name, [tag, content]]) => [
                    name,
                    { bucket: "cache", key: `built/shop/${tag}`, content },
                ]),
            ),
        );
        for (const { options } of proofs) assert.deepEqual(options, { retainOnDelete: true });
    });

    it("only names a received image: no Image, no tag, no cache", async () => {
        const { world, one } = await declare({ digest });
        assert.deepEqual(world.tree(), ["AppImage app"]);
        assert.deepEqual(world.resource("AppImage app").outputs, {
            imageUri: `${url}@${digest}`,
            imageDigest: digest,
        });
        assert.equal(await valueOf(one.imageUri), `${url}@${digest}`);
        assert.equal(await valueOf(one.imageTag), undefined);
        assert.equal(await valueOf(one.cacheReference), undefined);
    });

    it("gives docker-build a list of one unknown tag in the first preview, since it refuses an unknown list", async () => {
        const source = build({}, { cacheMode: "max" });
        const { world, one } = await previewed(source);
        assert.deepEqual(world.resourcesOfType(image).length, 1);
        assert.deepEqual(world.resource("app-image-amd64").inputs, {
            ...inputs(source, "-"),
            tags: [unknown],
            registries: [{ address: unknown, username: unknown, password: unknown }],
            cacheFrom: [{ registry: { ref: unknown } }],
            cacheTo: [{ raw: unknown }],
        });
        assert.equal(await isKnown(one.imageDigest), false);
        assert.equal(await isKnown(one.imageUri), false);
        assert.equal(await valueOf(one.imageTag), tagOf(source));
    });

    it("declares the same resources in a preview as in an update", async () => {
        const source = build({ platforms: ["linux/amd64", "linux/arm64"] });
        const preview = await previewed(source);
        const update = await declare({ build: source, credentials: credentials() });
        const trees = [preview, update].map(({ world }) => world.tree().filter((line) => !line.includes("Repository")));
        assert.deepEqual(trees[0], trees[1]?.concat("  LifecyclePolicy repository-lifecycle"));
    });

    /** Runs a preview in which the repository does not exist yet. */
    async function previewed(source: ImageBuild): Promise<{ world: MockWorld; one: AppImage }> {
        const world = await mockPulumi({ preview: true });
        const repository = new ImageRepository("repository", { repositoryName: "shop" });
        const { repositoryUrl } = repository;
        const one = new AppImage("app", { repositoryUrl, build: source, credentials: repository.credentials() });
        await world.settle();
        return { world, one };
    }

    const refused: [string, () => Partial<AppImageArgs>, string][] = [
        ["neither build nor digest", () => ({}), "give either `build` or `digest`"],
        [
            "both build and digest",
            () => ({ build: build(), credentials: credentials(), digest }),
            "give either `build` or `digest`, not both",
        ],
        ["a build without a login", () => ({ build: build() }), "a login is needed to push the image"],
        [
            "a build for no platform",
            () => ({ build: build({ platforms: [] }), credentials: credentials() }),
            "name at least one platform",
        ],
        [
            "a context that git takes for a repository",
            () => {
                const source = build();
                writeTree(sourceOf(source).context, { HEAD: "ref: refs/heads/main\n", "objects/": "", "refs/": "" });
                return { build: source, credentials: credentials() };
            },
            `it is ${path.relative(process.cwd(), path.join(os.tmpdir(), "FOLDER/context"))}; allowed: a folder that is no Git repository of its own, as HEAD and objects make it one`,
        ],
    ];
    for (const [what, args, reason] of refused) {
        it(`refuses ${what}`, async () => {
            const world = await mockPulumi();
            assert.throws(
                () => new AppImage("app", { repositoryUrl: url, ...args() }),
                (error: unknown) =>
                    pulumi.InputPropertyError.isInstance(error) &&
                    error.reason === reason.replace("FOLDER", path.basename(folder.path)),
            );
            await world.settle();
            assert.deepEqual(world.resourcesOfType(image), []);
        });
    }
});
