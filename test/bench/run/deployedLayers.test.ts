import assert from "node:assert/strict";
import type { ECRClient } from "@aws-sdk/client-ecr";
import { DeployedLayers } from "../../../bench/run/deployedLayers";
import { Repositories } from "../../../bench/run/repositories";
import { nativePlatform } from "../../../bench/workloads/workload";

const [os, architecture] = nativePlatform.split("/");
const foreign = { os: "linux", architecture: architecture === "amd64" ? "arm64" : "amd64" };

const layersOf = (sizes: Record<string, number>) => ({
    layers: Object.entries(sizes).map(([digest, size]) => ({ digest, size })),
});

/** Manifests of a registry by tag or digest. */
const manifests: Record<string, object> = {
    first: layersOf({ base: 1000, packages: 100, code: 1 }),
    second: layersOf({ base: 1000, packages: 100, code2: 2 }),
    index: {
        manifests: [
            { digest: "sha256:foreign", platform: foreign },
            { digest: "sha256:own", platform: { os, architecture } },
        ],
    },
    foreignOnly: { manifests: [{ digest: "sha256:foreign", platform: foreign }] },
    "sha256:own": layersOf({ base: 1000, packages2: 200, code2: 2 }),
    "sha256:foreign": layersOf({ foreign: 5000 }),
};

describe("bench: layers that a host pulls", () => {
    const send = ({ input }: { input: { imageIds: { imageTag?: string; imageDigest?: string }[] } }) => {
        const names = input.imageIds.map(({ imageTag, imageDigest }) => imageTag ?? imageDigest!);
        const found = names.flatMap((name) => manifests[name] ?? []);
        return Promise.resolve({ images: found.map((manifest) => ({ imageManifest: JSON.stringify(manifest) })) });
    };
    const repositories = new Repositories({ send } as unknown as ECRClient, "127.0.0.1:5000");
    const reference = (tag: string) => `127.0.0.1:5000/bench/app:${tag}`;

    it("are those that the images before had not, of this machine's platform where there are several", async () => {
        const deployed = new DeployedLayers(repositories);
        assert.equal(await deployed.deploy([reference("first")]), undefined);
        assert.equal(await deployed.deploy([reference("first")]), 0);
        assert.equal(await deployed.deploy([reference("second")]), 2);
        assert.equal(await deployed.deploy([reference("index")]), 200);
        assert.equal(await deployed.deploy([reference("first"), reference("second")]), 101);
    });

    it("are not known of an image that is not there, or not for this machine", async () => {
        await assert.rejects(repositories.layers(reference("missing")), {
            message: "The registry has no image 127.0.0.1:5000/bench/app:missing.",
        });
        await assert.rejects(repositories.layers(reference("foreignOnly")), {
            message: `127.0.0.1:5000/bench/app:foreignOnly is no image for ${nativePlatform}.`,
        });
    });
});
