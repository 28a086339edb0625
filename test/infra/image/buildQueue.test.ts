import assert from "node:assert/strict";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { AppImage } from "../../../infra/image/appImage";
import type { ImageBuild } from "../../../infra/image/imageBuild";
import type { ImageSpec } from "../../../infra/plan/imageSpec";
import { ImageRepository } from "../../../infra/image/imageRepository";
import { computedOutputs } from "../../../local/mocks/mockOutputs";
import { mockPulumi } from "../../../local/mocks/mockPulumi";
import { temporaryFolder, writeTree } from "../temporaryFolder";

const image = "docker-build:index:Image";
const url = "registry.example/shop";

/** Engine whose builds take as long as the test wants. */
class SlowEngine {
    /** Names of the running builds, in the order in which they began. */
    readonly underWay: string[] = [];
    /** Names of all builds that began. */
    readonly begun: string[] = [];
    private readonly ends = new Map<string, () => void>();

    constructor(private readonly isPreview: boolean) {}

    async install(): Promise<void> {
        await pulumi.runtime.setMocks(
            { newResource: (resource) => this.register(resource), call: () => ({}) },
            "cached-image-pipeline",
            "dev",
            this.isPreview,
        );
    }

    /** Ends one build, or all running ones, and waits for all consequences. */
    async end(...names: string[]): Promise<void> {
        for (const name of names) this.ends.get(name)!();
        await this.settle();
    }

    /** Waits until all work that does not wait for a build is done. */
    async settle(): Promise<void> {
        for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    }

    private async register({ type, name, inputs }: MockResourceArgs) {
        const plain = inputs as Record<string, unknown>;
        if (type === image) {
            this.underWay.push(name);
            this.begun.push(name);
            await new Promise<void>((resolve) => this.ends.set(name, resolve));
            this.underWay.splice(this.underWay.indexOf(name), 1);
        }
        // Nothing exists yet in a preview, so that nothing is known but inputs.
        const computed = this.isPreview ? {} : computedOutputs[type]?.(plain, name);
        return { id: this.isPreview ? undefined : `${name}-id`, state: { ...plain, ...computed } };
    }
}

describe("builds of a program", () => {
    const folder = temporaryFolder();

    // Leftovers must not reach the tests of other files.
    after(() => mockPulumi());

    function declare(
        names: string[],
        parallelBuilds: number | undefined,
        extra: Partial<ImageSpec> = {},
        dockerfileText = "FROM scratch\n",
        repositoryUrl: pulumi.Input<string> = url,
    ): AppImage[] {
        const context = writeTree(path.join(folder.path, "context"), { Dockerfile: dockerfileText, lock: "1" });
        const credentials = {
            address: pulumi.output(url),
            username: pulumi.output("AWS"),
            password: pulumi.secret("registry-token"),
        };
        const files = { context: ".", dockerfile: "Dockerfile" };
        const build: ImageBuild = {
            spec: { name: "app", ...files, platforms: ["linux/amd64"], compression: "zstd", ...extra },
            policy: {
                baseRegistry: "public.ecr.aws",
                branch: "main",
                defaultBranch: "main",
                cacheMode: "off",
                parallelBuilds,
            },
            sourceRoot: context,
        };
        return names.map((name) => new AppImage(name, { repositoryUrl, credentials, build }));
    }

    async function started(isPreview = false): Promise<SlowEngine> {
        const engine = new SlowEngine(isPreview);
        await engine.install();
        return engine;
    }

    const amd64 = (name: string) => `${name}-image-amd64`;

    it("are at most as many at once as the limit, and each that ends lets the next one begin", async () => {
        const engine = await started();
        // GIVEN five images of which two may be built at once
        declare(["a", "b", "c", "d", "e"], 2);
        await engine.settle();
        assert.deepEqual(engine.underWay, ["a", "b"].map(amd64));
        // WHEN the second one is ready first
        await engine.end(amd64("b"));
        // THEN the next one has its place, while the first one still runs
        assert.deepEqual(engine.underWay, ["a", "c"].map(amd64));
        await engine.end(amd64("a"), amd64("c"));
        assert.deepEqual(engine.underWay, ["d", "e"].map(amd64));
        await engine.end(amd64("d"), amd64("e"));
        assert.deepEqual([engine.underWay.length, engine.begun.length], [0, 5]);
    });

    it("are one for each platform", async () => {
        const engine = await started();
        const [one] = declare(["app"], 1, { platforms: ["linux/amd64", "linux/arm64"] });
        await engine.settle();
        assert.deepEqual(engine.underWay, ["app-image-amd64"]);
        await engine.end("app-image-amd64");
        assert.deepEqual(engine.underWay, ["app-image-arm64"]);
        // AND the index that joins them waits for no place
        await engine.end("app-image-arm64");
        assert.match(await valueOf(one!.imageUri), /@sha256:/);
    });

    it("are one for each pinned stage, before the image that waits for it", async () => {
        const engine = await started();
        const dockerfile = "FROM scratch AS deps\nCOPY lock /lock\nFROM scratch\nCOPY --from=deps /lock /lock\n";
        declare(["app"], 1, { pinnedStages: [{ name: "deps" }] }, dockerfile);
        await engine.settle();
        assert.deepEqual(engine.underWay, ["app-pinned-deps-amd64"]);
        await engine.end("app-pinned-deps-amd64");
        assert.deepEqual(engine.underWay, ["app-image-amd64"]);
        await engine.end("app-image-amd64");
        assert.equal(engine.underWay.length, 0);
    });

    it("are all at once without a limit", async () => {
        const engine = await started();
        declare(["a", "b", "c"], undefined);
        await engine.settle();
        const names = ["a", "b", "c"].map(amd64);
        assert.deepEqual(engine.underWay, names);
        await engine.end(...names);
    });

    it("take no place in a preview that does not know their repository yet", async () => {
        const engine = await started(true);
        const { repositoryUrl } = new ImageRepository("shop", { repositoryName: "shop" });
        declare(["a", "b"], 1, {}, undefined, repositoryUrl);
        await engine.settle();
        assert.deepEqual(engine.underWay, ["a", "b"].map(amd64));
        await engine.end(...engine.begun);
        // AND leave the places as they were
        declare(["c", "d"], 1);
        await engine.settle();
        assert.deepEqual(engine.underWay, [amd64("c")]);
        await engine.end(amd64("c"));
        await engine.end(amd64("d"));
    });

    function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
        return new Promise((resolve) => output.apply(resolve));
    }
});
