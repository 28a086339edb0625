import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as path from "node:path";
import { GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import {
    awsClients,
    emptyBuilder,
    engineWorld,
    type EngineWorld,
    TestStack,
    writeContext,
} from "../support/engineWorld";
import { manifestType, RegistryClient } from "../local/aws/gateway/registry/registryClient";
import { faultyFiles, faultyImage, uncachedDigest } from "./faultyImage";
import { type Run, runProject } from "./projectRun";

const repository = "cached-image-pipeline-faulty-caches";
const cacheTag = "cache-main-amd64";

/** Cache manifest, as far as tests change it. */
interface CacheManifest {
    config: { mediaType: string; digest: string; size: number };
    layers: { digest: string; size: number }[];
}

/** Description of the purposes of a cache's layers, written by BuildKit. */
interface CacheConfig {
    layers: { blob: string; parent?: number }[];
    records: { digest: string; layers?: { layer: number }[] }[];
}

/** Damage of a cache: another manifest, or another description. */
interface Damage {
    what: string;
    manifest?: (manifest: CacheManifest) => unknown;
    config?: (config: CacheConfig) => unknown;
}

const damages: Damage[] = [
    { what: "whose manifest is no JSON", manifest: () => "{" },
    { what: "whose manifest is JSON of another kind", manifest: () => [] },
    { what: "whose description is no JSON", config: () => "{" },
    { what: "whose description is empty", config: () => ({}) },
    {
        what: "of a builder that describes it in another form",
        manifest: (manifest) => ({
            ...manifest,
            config: { ...manifest.config, mediaType: "application/vnd.buildkit.cacheconfig.v9" },
        }),
    },
    {
        what: "of a builder whose records have another form",
        config: ({ layers }) => ({ version: 9, layers, records: { v9: true } }),
    },
    {
        what: "whose records name layers that it has not",
        config: ({ layers, records }) => ({
            layers,
            records: records.map((record) => ({
                ...record,
                layers: record.layers?.map((one) => ({ ...one, layer: 99 })),
            })),
        }),
    },
    { what: "whose layers are not in the manifest", manifest: (manifest) => ({ ...manifest, layers: [] }) },
];

describe("a cache that is damaged", function () {
    this.timeout(120_000);
    let engine: EngineWorld;
    let stack: TestStack;
    let outputs: Record<string, string>;
    let registry: RegistryClient;
    let intact: { manifest: CacheManifest; config: CacheConfig };

    before(async () => {
        engine = await engineWorld();
        const context = await writeContext("faulty-caches", faultyFiles("first"));
        stack = await TestStack.open(engine, "faulty-caches", { images: [faultyImage(context)] });
        outputs = (await stack.up()).outputs as Record<string, string>;
        const { authorizationData } = await awsClients(engine).ecr.send(new GetAuthorizationTokenCommand({}));
        registry = new RegistryClient(engine.world.endpoint, authorizationData![0]!.authorizationToken);
        const manifest = (await get(`manifests/${cacheTag}`)) as CacheManifest;
        intact = { manifest, config: (await get(`blobs/${manifest.config.digest}`)) as CacheConfig };
    });

    async function get(location: string): Promise<unknown> {
        const response = await registry.request("GET", `${repository}/${location}`, {
            headers: { accept: manifestType },
        });
        return response.json();
    }

    /** Puts the damaged cache in the place of the intact one. */
    async function damage({ manifest = (one) => one, config }: Damage): Promise<void> {
        const changed = structuredClone(intact.manifest);
        if (config !== undefined) {
            const blob = Buffer.from(text(config(structuredClone(intact.config))));
            assert.deepEqual(await registry.pushBlob(repository, blob), [202, 202, 201]);
            const digest = `sha256:${createHash("sha256").update(blob).digest("hex")}`;
            changed.config = { ...changed.config, digest, size: blob.length };
        }
        const answer = await registry.putManifest(repository, cacheTag, text(manifest(changed)));
        assert.equal(answer.status, 201, await answer.text());
    }

    for (const one of damages) {
        it(`${one.what} does no harm to \`pulumi up\``, async () => {
            // GIVEN the damage, a changed file and an empty builder
            await damage(one);
            await writeContext("faulty-caches", { file: `up, ${one.what}` });
            await emptyBuilder(engine);
            // WHEN
            const { images } = await stack.up();
            // THEN nothing comes from the cache, and the image is right
            assert.equal(images[0]!.stepsCached, 0);
            assert.equal(images[0]!.digest, await uncachedDigest(engine, "faulty-caches"));
        });

        it(`${one.what} does no harm to the buildspec`, async () => {
            await damage(one);
            const { log, metrics } = await buildChanged(`CodeBuild, ${one.what}`);
            assert.equal(metrics.StepsCached, 0, log);
        });
    }

    it("is replaced by the build that could not use it", async () => {
        await damage(damages[0]!);
        assert.equal((await buildChanged("without a cache")).metrics.StepsCached, 0);
        const { log, metrics } = await buildChanged("with a cache again");
        assert.ok(metrics.StepsCached! > 0, log);
    });

    /** Runs the project on a changed source, and compares the image with one that is built without a cache. */
    async function buildChanged(file: string): Promise<Run> {
        const run = await runProject(engine, outputs, { changed: { "faulty-caches/file": file } });
        await writeContext("faulty-caches", { file });
        assert.equal(run.exported.IMAGE_DIGEST, await uncachedDigest(engine, "faulty-caches"), run.log);
        return run;
    }

    const objects: [what: string, extension: string][] = [
        ["build tools", ".js"],
        ["definitions of images", ".json"],
        ["certificates", ".pem"],
    ];
    for (const [what, extension] of objects) {
        it(`of ${what} that end in the middle fails the build with one sentence`, async () => {
            // GIVEN half of the object in the bucket
            const { s3 } = awsClients(engine);
            const Bucket = outputs.cacheBucketName!;
            const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "build-tools/" }));
            const [Key, ...others] = Contents.map((one) => one.Key!).filter((key) => path.extname(key) === extension);
            assert.deepEqual(others, []);
            const whole = await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray();
            await s3.send(new PutObjectCommand({ Bucket, Key, Body: whole.subarray(0, whole.length / 2) }));
            try {
                // WHEN
                const changed = { "faulty-caches/file": `never built, ${what}` };
                const { succeeded, log, exported } = await runProject(engine, outputs, { changed });
                // THEN
                assert.equal(succeeded, false);
                const sentence = `s3://${Bucket}/${Key} is damaged; delete it and run \`pulumi up --refresh\`, which puts it back.`;
                assert.ok(log.split("\n").includes(sentence), log);
                assert.equal(exported.IMAGE_URI, undefined);
            } finally {
                await s3.send(new PutObjectCommand({ Bucket, Key, Body: whole }));
            }
        });
    }
});

function text(value: unknown): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}
